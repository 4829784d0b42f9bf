"""Tokeniser of credit lines: role nouns, labels, names, and words that follow names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from textkit.han import HAN

from ..names import tidy_name
from . import words
from .names import COMPOUND, is_name, is_office, is_pen_name
from .runs import is_doubtful, split_names

_SCHOOL = re.compile(r"(?:中学|小学|学校|大学|学院)$")
#: Labels that an author's employer or address follows, not a person.
_EMPLOYER = re.compile(r"(?:作者|工作|所在)?单位|作者地址|通讯地址|地址")
_PLACE = re.compile(rf"[{HAN}]{{2,14}}(?:省|市|县|区|州|旗|镇|乡|村|街道|社区)")
_FORM = re.compile(r"[初高大][一二三四]|[一二三四五六七八九]年级|\S{0,6}[级班系]")
_SCHOOL_FORM = re.compile(
    r".{0,6}[班级系]|[初高][一二三]"
    rf"|[{HAN}]{{0,14}}(?:干部|职工|教师|老师|学生|会员|作家|诗人|居民|村民|工人|医生|律师|研究员|教授)"
)
#: A blank between two Latin words, which are one name (John Smith).
_LATIN_GAP = re.compile(r"(?<=[A-Za-zÀ-ɏ.'’])[ \u3000]+(?=[A-Za-zÀ-ɏ])")
#: Letters as wide as Han characters, and the usual ones.
_WIDE_LETTERS = {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
#: Maximum length of one name; longer runs of single characters are segmented by surnames.
_MAX_SINGLE = 3


@dataclass(frozen=True, slots=True)
class Token:
    """Token of a credit line; `label` is a role noun as printed, with its news house."""

    kind: str  # names, noun, both, taking, words, text, picture, shot, post, break, unknown
    text: str = ""
    label: str = ""
    names: tuple[str, ...] = ()
    #: The printed run of `names`, if it can be read in another way.
    run: str = ""


#: The name before these nouns supplied the picture or the copy; it may be an office.
_OF_OFFICES = frozenset({"供图", "供稿"})
#: With a prefix these nouns are a kind of picture (传真照片, 资料图片), not a credit.
_PICTURES = frozenset({"图片", "照片", "配图"})
_EITHER_SIDE = frozenset({"摄影", "摄像", "供图", "供稿", "制图", "文字", "图片"})


def read_tokens(region: str, known: frozenset[str] = frozenset()) -> list[Token] | None:
    """Return the tokens of `region`, or None if a part of it is not recognised.

    `known` are names that are recognised whatever their form.
    """
    tokens: list[Token] = []
    for number, group in enumerate(re.split(r"[;；]", region)):
        if number:
            tokens.append(Token("break"))
        for chunk in _without_employers(list(chunks(group, known)), known):
            found = [_known_token(chunk)] if chunk in known else list(_chunk_tokens(chunk))
            if any(token.kind == "unknown" for token in found):
                if _is_own_note(tokens, chunk):
                    continue
                return None
            tokens += found
    return tokens


def is_school(chunk: str) -> bool:
    """Return whether a chunk names a school."""
    return bool(_SCHOOL.search(chunk))


def says_whose(chunk: str) -> bool:
    """Return whether a chunk marks a line as a credit: a school, or 作者单位."""
    return is_school(chunk) or bool(_EMPLOYER.fullmatch(chunk))


def _known_token(chunk: str) -> Token:
    return Token("names", names=(chunk,))


def _without_employers(pieces: list[str], known: frozenset[str]) -> Iterator[str]:
    """Yield the chunks without employers: 作者单位：某局, or an office before a person's name.

    An office alone signs (某局 供图); an office before a name is that person's employer.
    """
    is_employer = out_of_school = False
    before = ""
    for number, piece in enumerate(pieces):
        if _EMPLOYER.fullmatch(piece):
            is_employer = True
            continue
        after = pieces[number + 1] if number + 1 < len(pieces) else ""
        if out_of_school and _FORM.fullmatch(piece):
            continue
        out_of_school = out_of_school or is_school(piece)
        is_place = (is_office(piece) or bool(_PLACE.fullmatch(piece))) and not (
            piece in known or _is_word_or_person(piece)
        )
        if is_place and (
            is_employer or _is_person(after) or (_is_person(before) and not signs(after))
        ):
            continue
        is_employer = is_employer and is_place
        before = piece
        yield piece


def signs(word: str) -> bool:
    """Return whether `word` follows the name of a person or office that supplied something."""
    return word in {"供图", "供稿", "提供", "摄", "摄影"}


def _is_person(piece: str) -> bool:
    return is_name(piece, strict=True) and not is_office(piece)


def _is_word_or_person(piece: str) -> bool:
    return bool(words.WORDS.search(piece)) or (len(piece) == 3 and is_name(piece, strict=True))


def _is_own_note(tokens: list[Token], chunk: str) -> bool:
    """Return whether `chunk` only describes a named author (school, class, town)."""
    has_names = any(token.kind == "names" for token in tokens)
    return has_names and bool(is_office(chunk) or _SCHOOL_FORM.fullmatch(chunk))


def chunks(group: str, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the chunks between separators; single characters are joined to names."""
    single = ""
    for piece in _pieces(group, known):
        if len(piece) == 1 and piece not in "摄文图" and len(single) < 4 * _MAX_SINGLE:
            single += piece
            continue
        if len(single) == 1 and re.fullmatch(rf"[{HAN}]摄(?:影报道)?", piece):
            # 牧 之摄: the second character of a name is joined to the next word.
            single, piece = single + piece[0], piece[1:]
        elif _is_spaced_name(single, piece):
            single, piece = "", single + piece
        elif len(single) > _MAX_SINGLE - 1 and _is_rest_of_name(single[-1], piece):
            # 单 雄 查 良宏: the last character alone begins the next name.
            yield from _of_singles(single[:-1])
            single, piece = "", single[-1] + piece
        yield from _of_singles(single)
        single = ""
        if piece:
            yield piece
    yield from _of_singles(single)


def _pieces(group: str, known: frozenset[str]) -> Iterator[str]:
    """Yield what separators divide; a blank in a Latin or known name or 欧阳 明 is none."""
    group = _LATIN_GAP.sub("\0", group.strip().translate(_WIDE_LETTERS))
    for name in known:
        if " " in name:
            group = group.replace(name, name.replace(" ", "\0"))
    surname = ""
    for piece in words.SEPARATORS.split(group):
        piece = piece.replace("\0", " ")
        if surname:
            yield from [surname + piece] if len(piece) == 1 else [surname, piece]
            surname = ""
        elif piece in COMPOUND and piece not in known:
            surname = piece
        else:
            yield piece
    if surname:
        yield surname


def _is_spaced_name(single: str, piece: str) -> bool:
    """Return whether a surname and a given name were divided for the layout (王 小明)."""
    return (
        len(single) == 1
        and len(piece) == 2
        and is_name(single + piece, strict=True)
        and not words.WORDS.search(piece)
        and piece not in words.WHOLE_NOUNS
    )


def _is_rest_of_name(surname: str, piece: str) -> bool:
    return _is_spaced_name(surname, piece) and not is_name(piece, strict=True)


def _of_singles(single: str) -> Iterator[str]:
    """Yield the names in joined single characters; more than three are split by surnames."""
    if single and len(single) <= _MAX_SINGLE:
        yield single
    elif single:
        yield from split_names(single) or [single]


def _chunk_tokens(chunk: str) -> Iterator[Token]:
    """Yield the tokens of one chunk; a part that is not recognised has kind "unknown"."""
    if chunk in words.BARE_LABELS:
        yield Token("noun", "记者", chunk)
        return
    if chunk in words.WHOLE_NOUNS:
        yield Token("noun", words.WHOLE_NOUNS[chunk], chunk)
        return
    if chunk in {"文", "摄", "图"}:
        yield Token("text" if chunk == "文" else "shot")
        return
    if words.NOISE.fullmatch(chunk):
        return
    place = 0
    for word in words.WORDS.finditer(chunk):
        between = chunk[place : word.start()]
        kind = word.lastgroup or ""
        if kind == "noun":
            yield from _noun(between, word[0], expects_names=place > 0)
        else:
            yield from _names(between)
            yield Token(kind)
        place = word.end()
    is_glued = place > 0 and chunk[place - 1] not in "/／"
    yield from _names(_without_report(chunk[place:]), is_glued=is_glued)


def _without_report(text: str) -> str:
    """Return the names before 报道, or "" for a place (深圳报道)."""
    bare = re.sub(r"(?:综合|联合|采访)*报道$", "", text)
    return bare if bare == text or _can_be_names(bare) else ""


def _noun(before: str, noun: str, *, expects_names: bool) -> Iterator[Token]:
    before = before.strip("/／")
    if noun in _OF_OFFICES and before:
        yield from _names(before)
        before = ""
    start = words.label_start(before, _can_be_names, expects_names=expects_names) if before else 0
    if start and noun in _PICTURES:
        yield Token("unknown", before)
        return
    if start:
        yield from _names(before[:start])
    yield Token("noun", words.NOUNS[noun], before[start:] + noun)


def _can_be_names(text: str) -> bool:
    names = split_names(text.strip("/／"))
    return bool(names) and all(is_name(name, strict=True) for name in names or ())


def _names(text: str, *, is_glued: bool = False) -> Iterator[Token]:
    """Yield the names of a run; after a role noun without a separator, a surname is required."""
    bare = text.strip("/／ 　.．")
    if not bare:
        return
    tokens: list[Token] = []
    for piece in re.split(r"[/／]", bare):
        found = split_names(piece)
        if found is None or (is_glued and not all(map(_is_sure, found))):
            yield Token("unknown", piece)
            return
        is_certain = len(found) == 1 and not is_doubtful(piece)
        names = tuple(map(tidy_name, found))
        tokens.append(Token("names", names=names, run="" if is_certain else piece))
    yield from tokens


def _is_sure(name: str) -> bool:
    return is_name(name, strict=True) or is_pen_name(name)


def turn_prefix(tokens: list[Token]) -> list[Token]:
    """Return the tokens with 文 and 图 before their names marked (文：张三 图：李四)."""
    marks = [place for place, token in enumerate(tokens) if token.kind in _BEFORE]
    after = [tokens[place + 1].kind if place + 1 < len(tokens) else "" for place in marks]
    if not marks or marks[0] > 0 or set(after) != {"names"}:
        return tokens
    return [replace(token, kind=_BEFORE.get(token.kind, token.kind)) for token in tokens]


#: Words after names, and what they are before names.
_BEFORE = {"text": "words", "shot": "picture"}


def turn_postfix(tokens: list[Token]) -> list[Token]:
    """Return the tokens with role nouns after their names marked (张三 摄影, 某局供图)."""
    out: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].kind if index else ""
        after = tokens[index + 1].kind if index + 1 < len(tokens) else ""
        if (
            token.kind == "noun"
            and token.text in _EITHER_SIDE
            and token.label in words.NOUNS
            and before == "names"
            and after not in {"names", "noun"}
        ):
            out.append(Token("post", token.text))
        else:
            out.append(token)
    return out

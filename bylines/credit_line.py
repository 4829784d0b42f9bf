"""The grammar of credit lines and datelines in Chinese newspapers.

Pure: text in, people out. A line is read as credits only where every piece of it is understood
(role, house, name, separator); running text that merely mentions 记者 or 编辑 gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import credit_words as words
from .credit_names import is_name, is_office, split_names


@dataclass(frozen=True, slots=True)
class Credit:
    """One person of a credit line; `label` is what is printed where it says more than the role."""

    name: str
    role: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line as read: its dateline as printed, if it has one, and its people in printed order."""

    text: str
    dateline: str | None
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # names, noun, both, taking, text, shot, break
    text: str = ""
    label: str = ""
    names: tuple[str, ...] = ()


MAX_LINE = 300
_DIGIT = "0-9０-９一二三四五六七八九十〇"
_DATE = rf"(?:[{_DIGIT}]{{1,3}}月)?[{_DIGIT}]{{1,3}}日"
_PLACE = r"[\u3400-\u9fffA-Za-z·\-—・]"
_DATELINE = re.compile(
    rf"(?:据?{_PLACE}{{2,20}}?{_DATE}(?:专?电|讯)"
    rf"|{_PLACE}{{1,14}}讯(?=[\s　（(，,：:]|记者|通讯员|本报记者|$))"
)
_NOT_DATELINES = re.compile(r"(?:简|快|短|通|资|喜|音|电|审|问|闻|警|汛|信|死|噩|捷)讯$")
_SOURCE_HEAD = re.compile(r"来源[:：][^（(\s]{2,12}?(?=本报|本网)")
_REPORTS = re.compile(r"[^。！？：:（(]{0,60}?报道[:：]")
_PAREN = re.compile(r"[（(【\[]\s*([^（()）【】\[\]]{2,120}?)\s*[）)】\]]")
_INNER_PAREN = re.compile(r"[（(][^（()）]{1,12}[）)]")
_OUTER = re.compile(r"^[（(【\[]\s*(.*?)\s*[）)】\]]?$", re.DOTALL)
_SENTENCE = re.compile(r"[。！？；…”」』](?=[^。！？；…”」』]{2,80}$)")
_PROSE = re.compile(r"[。！？《》“”‘’…>]|从|获悉|了解到|表示|告诉|看到|说，|怎么|如何|采访了")
_SCHOOL = re.compile(r"(?:中学|小学|学校|大学|学院)$")
_SCHOOL_FORM = re.compile(r".{0,6}[班级系]|[初高][一二三]")
_AUTHOR_NOTE = re.compile(r"作者[系为是]")


def read_line(text: str) -> CreditLine:
    """Return the dateline and the people of `text`, a credit line, a head or a tail of a story."""
    line = text.strip()
    dateline, rest = take_dateline(line)
    if dateline:
        credits, _body = _after_dateline(rest)
        return CreditLine(text, dateline, credits)
    return CreditLine(text, None, parse(line) or take_tail(line)[1])


def is_credit_line(text: str) -> bool:
    """Return whether the whole of `text` is nothing but credits."""
    return len(text) <= MAX_LINE and bool(parse(text.strip()))


def take_dateline(text: str) -> tuple[str | None, str]:
    """Return the dateline at the head of `text` as printed, or None, and what comes after it."""
    line = text.lstrip(" \t　")
    head = _SOURCE_HEAD.match(line)
    start = head.end() if head else 0
    found = _DATELINE.match(line, start)
    if not found or _NOT_DATELINES.search(found[0]):
        return None, text
    return found[0], line[found.end() :].lstrip(" \t　")


def take_head(text: str) -> tuple[tuple[Credit, ...], str]:
    """Return the credits at the head of what follows a dateline, and the body after them."""
    return _after_dateline(text)


def _after_dateline(rest: str) -> tuple[tuple[Credit, ...], str]:
    if rest[:1] in "（(":
        paren = _PAREN.match(rest)
        credits = parse(paren[0]) if paren else ()
        return (credits, rest[paren.end() :].lstrip()) if paren and credits else ((), rest)
    report = _REPORTS.match(rest)
    if report:
        credits = parse(report[0].rstrip(":："))
        if credits or "记者" in report[0]:
            return credits, rest[report.end() :].lstrip()
    return ((), rest) if len(rest) > MAX_LINE else (parse(rest), rest)


def take_tail(text: str) -> tuple[str, tuple[Credit, ...]]:
    """Return `text` without the signature at its end, and the people of that signature."""
    line = text.rstrip()
    tail = line[-140:]
    for paren in reversed(list(_PAREN.finditer(tail))):
        if paren.end() < len(tail):
            break
        credits = parse(paren[0])
        if credits:
            return line[: len(line) - len(tail) + paren.start()].rstrip(), credits
    end = _SENTENCE.search(tail)
    if end:
        credits = parse(tail[end.end() :])
        if credits:
            return line[: len(line) - len(tail) + end.end()].rstrip(), credits
    return text, ()


def parse(region: str) -> tuple[Credit, ...]:
    """Return the people of a region that is nothing but credits, or () where it is not."""
    bare = region.strip().lstrip(words.BULLETS + " 　")
    is_marked = bare != region.strip() or region.strip()[:1] in "（(【["
    if len(bare) > MAX_LINE:
        return ()
    inner = _OUTER.sub(r"\1", bare) if bare[:1] in "（(【[" else bare
    supplied = words.SUPPLIED.search(inner)
    supplied_by = _supplied(supplied["who"]) if supplied else ()
    if supplied:
        inner = f"{inner[: supplied.start()]} {inner[supplied.end() :]}"
    inner = _INNER_PAREN.sub(" ", words.SOURCE.sub(" ", inner)).replace("文、图", "文图")
    inner = re.sub(r"^(?:本版|本文)?(?:图片|照片|题图|资料图)(?:均|皆)?由|\d+\s|\d+$", " ", inner)
    if _PROSE.search(inner) or (_AUTHOR_NOTE.search(inner) and "记者" not in inner):
        return ()
    tokens = _tokens(inner)
    if tokens is None:
        return ()
    is_marked = is_marked or any(_SCHOOL.search(chunk) for chunk in _chunks(inner))
    return (*_people(_turn_postfix(tokens), is_marked), *supplied_by)


def _supplied(who: str) -> tuple[Credit, ...]:
    return tuple(Credit(name.strip(), "供图") for name in re.split(r"[、 ]", who) if name.strip())


def _tokens(region: str) -> list[_Token] | None:
    """Return the tokens of `region`, or None where a piece of it is not understood."""
    tokens: list[_Token] = []
    for number, group in enumerate(re.split(r"[;；]", region)):
        if number:
            tokens.append(_Token("break"))
        for chunk in _chunks(group):
            found = list(_chunk_tokens(chunk))
            if any(token.kind == "unknown" for token in found):
                if _is_own_note(tokens, chunk):
                    continue
                return None
            tokens += found
    return tokens


def _is_own_note(tokens: list[_Token], chunk: str) -> bool:
    """Return whether `chunk` only says who a named author is (school, form, town)."""
    has_names = any(token.kind == "names" for token in tokens)
    return has_names and bool(is_office(chunk) or _SCHOOL_FORM.fullmatch(chunk))


def _chunks(group: str) -> Iterator[str]:
    """Give the pieces between separators, single characters of one name put together."""
    single = ""
    for piece in words.SEPARATORS.split(group.strip()):
        if len(piece) == 1 and piece not in "摄文图" and len(single) < 3:
            if len(single) == 2 and single not in words.BARE_LABELS and not is_name(single + piece):
                yield single
                single = ""
            single += piece
            continue
        if (single and piece in {"摄", "文", "图"}) or (single and piece.startswith("摄")):
            yield single
        elif (
            single
            and piece
            and re.fullmatch(r"[\u3400-\u9fff]摄(?:影报道)?", piece)
            and len(single) == 1
        ):
            yield single + piece[0]
            piece = piece[1:]
        elif single:
            yield single
        single = ""
        if piece:
            yield piece
    if single:
        yield single


def _chunk_tokens(chunk: str) -> Iterator[_Token]:
    """Give the tokens of one chunk; a piece that is not understood gives kind "unknown"."""
    if chunk in words.BARE_LABELS:
        yield _Token("noun", "记者", chunk)
        return
    if chunk in {"文", "摄", "图"}:
        yield _Token("text" if chunk == "文" else "shot")
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
            yield _Token(kind)
        place = word.end()
    yield from _names(_without_report(chunk[place:]))


def _without_report(text: str) -> str:
    """Return the names before 报道; a place (深圳报道) is none."""
    bare = re.sub(r"(?:综合|联合|采访)*报道$", "", text)
    return bare if bare == text or _can_be_names(bare) else ""


def _noun(before: str, noun: str, *, expects_names: bool) -> Iterator[_Token]:
    before = before.strip("/／")
    if noun in _OF_OFFICES and before:
        yield from _names(before)
        before = ""
    start = words.label_start(before, _can_be_names, expects_names=expects_names) if before else 0
    if start and noun in _PICTURES:
        yield _Token("unknown", before)
        return
    if start:
        yield from _names(before[:start])
    yield _Token("noun", words.NOUNS[noun], before[start:] + noun)


def _can_be_names(text: str) -> bool:
    names = split_names(text.strip("/／"))
    return bool(names) and all(is_name(name, strict=True) for name in names or ())


def _names(text: str) -> Iterator[_Token]:
    bare = text.strip("/／ 　.．")
    if not bare:
        return
    names: list[str] = []
    for piece in re.split(r"[/／]", bare):
        found = split_names(piece)
        if found is None:
            yield _Token("unknown", piece)
            return
        names += found
    yield _Token("names", names=tuple(names))


#: What stands before these supplied the picture or the copy, an office too.
_OF_OFFICES = frozenset({"供图", "供稿"})
#: 传真照片, 资料图片: a kind of picture, nobody's name.
_PICTURES = frozenset({"图片", "照片", "配图"})
_EITHER_SIDE = frozenset({"摄影", "摄像", "供图", "供稿", "制图", "文字", "图片"})


def _turn_postfix(tokens: list[_Token]) -> list[_Token]:
    """Mark the role nouns that stand after their names (张三 摄影, 某局供图)."""
    out: list[_Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].kind if index else ""
        after = tokens[index + 1].kind if index + 1 < len(tokens) else ""
        if (
            token.kind == "noun"
            and token.text in _EITHER_SIDE
            and token.label in words.NOUNS
            and before == "names"
            and after != "names"
        ):
            out.append(_Token("post", token.text))
        else:
            out.append(token)
    return out


def _people(tokens: list[_Token], is_marked: bool) -> tuple[Credit, ...]:
    """Return the people that the tokens mean; () where nothing says that it is a credit."""
    has_role = any(token.kind not in {"names", "break"} for token in tokens)
    names = [name for token in tokens for name in token.names]
    if not has_role and not (is_marked and _is_bare_signature(names)):
        return ()
    return tuple(_Reading().run(tokens))


def _is_bare_signature(names: list[str]) -> bool:
    return 0 < len(names) <= 6 and all(
        is_name(name, strict=True) and not is_office(name) for name in names
    )


class _Reading:
    """Reads tokens from left to right; `group` has the people that a word after them may change."""

    def __init__(self) -> None:
        self.done: list[Credit] = []
        self.group: list[Credit] = []
        self.role = self.label = ""
        self.lead = ""
        self.has_both = False

    def run(self, tokens: list[_Token]) -> list[Credit]:
        """Return the people in printed order."""
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if token.text == "评论员" and (after is None or after.kind != "names"):
                self._commentator(token)
            else:
                getattr(self, f"_{token.kind}")(token)
        if self.has_both:
            writers = [c for c in [*self.done, *self.group] if c.role in words.WRITING | {""}]
            self.group += [Credit(c.name, "摄影") for c in writers]
        self._close()
        return self.done

    def _noun(self, token: _Token) -> None:
        label = "" if token.label == token.text else token.label
        if self.lead and not self.group:
            label = token.label if token.text in words.WRITING else label
            self.role, self.label, self.lead = self.lead, label, ""
            return
        self.lead = token.text if token.text in words.LEADING else ""
        self.role, self.label = token.text, label

    def _names(self, token: _Token) -> None:
        self.lead = ""
        self.group += [Credit(name, self.role, self.label) for name in token.names]

    def _post(self, token: _Token) -> None:
        """Give the whole list before it the role that stands after it; 摄 covers all names."""
        self.group = [
            replace(c, role=token.text, label=c.label or (c.role if c.role != token.text else ""))
            for c in self.group
        ]
        self._close()
        self.role = self.label = ""

    def _shot(self, token: _Token) -> None:
        if not self.group:
            self.role, self.label, self.lead = "摄影", "", "摄影"
            return
        self._post(_Token("post", "摄影"))

    def _text(self, token: _Token) -> None:
        if not self.group:
            self.role, self.label = "文字", ""
            return
        self.group = [replace(c, role=c.role or "文字") for c in self.group]
        self._close()
        self.role = self.label = ""

    def _both(self, token: _Token) -> None:
        if not self.group:
            self.has_both = True
            return
        self.group = [replace(c, role=c.role or "文字") for c in self.group]
        self.group += [Credit(c.name, "摄影") for c in self.group if c.role in words.WRITING]
        self._close()

    def _taking(self, token: _Token) -> None:
        self.group = [
            c if c.role else replace(c, role="作者", label="参与采写") for c in self.group
        ]
        self._close()

    def _break(self, token: _Token) -> None:
        self._close()
        self.role = self.label = ""

    def _close(self) -> None:
        """Settle the group: who has no role by now is an author."""
        self.done += [replace(c, role=c.role or "作者") for c in self.group]
        self.group = []

    def _commentator(self, token: _Token) -> None:
        """A commentator without a name signs as the house's (本报评论员)."""
        is_author = self.role == "作者"
        self.group.append(
            Credit(token.label, "作者", "评论员") if is_author else Credit(token.label, "评论员")
        )

"""Conversion of the tokens of a credit line to its people, in printed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from . import words
from .names import is_name, is_office, is_pen_name
from .tokens import Token


@dataclass(frozen=True, slots=True)
class Credit:
    """Person in a credit line; `label` is the printed role if it is more specific than `role`.

    `run` is the printed run of characters from which the name was read, if that can be read in
    another way (see `runs`); it is "" for a name that is certain.
    """

    name: str
    role: str
    label: str = ""
    run: str = field(default="", compare=False)


def people(tokens: Sequence[Token], is_marked: bool) -> tuple[Credit, ...]:
    """Return the people of the tokens, or () if nothing indicates a credit."""
    has_role = any(token.kind not in {"names", "break"} for token in tokens)
    names = [name for token in tokens for name in token.names]
    if not has_role and not (is_marked and _is_bare_signature(names)):
        return ()
    return tuple(_ParsedCreditLine().run(tokens))


def _is_bare_signature(names: list[str]) -> bool:
    return 0 < len(names) <= 6 and all(
        (is_name(name, strict=True) and not is_office(name)) or is_pen_name(name) for name in names
    )


class _ParsedCreditLine:
    """Left-to-right parser state; a later token may still change the people in `group`."""

    def __init__(self) -> None:
        self.done: list[Credit] = []
        self.group: list[Credit] = []
        self.role = self.label = ""
        self.lead = ""
        self.has_both = False

    def run(self, tokens: Sequence[Token]) -> list[Credit]:
        """Return the people in printed order."""
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if token.text == "评论员" and (after is None or after.kind != "names"):
                self._commentator(token)
            else:
                getattr(self, f"_{token.kind}")(token)
        if self.has_both:
            writers = [c for c in [*self.done, *self.group] if c.role in words.WRITING | {""}]
            self.group += [replace(c, role="摄影", label="") for c in writers]
        self._close()
        return self.done

    def _noun(self, token: Token) -> None:
        label = "" if token.label == token.text else token.label
        if self.lead and not self.group:
            label = token.label if token.text in words.WRITING else label
            self.role, self.label, self.lead = self.lead, label, ""
            return
        if token.text in words.LEADING:
            self._close()
        self.lead = token.text if token.text in words.LEADING else ""
        self.role, self.label = token.text, label

    def _names(self, token: Token) -> None:
        self.lead = ""
        self.group += [Credit(name, self.role, self.label, token.run) for name in token.names]

    def _post(self, token: Token) -> None:
        """Give a role printed after names to the whole group; 摄 covers all names."""
        self.group = [
            replace(c, role=token.text, label=c.label or (c.role if c.role != token.text else ""))
            for c in self.group
        ]
        self._close()
        self.role = self.label = ""

    def _shot(self, token: Token) -> None:
        if not self.group:
            self.role, self.label, self.lead = "摄影", "", "摄影"
            return
        self._post(Token("post", "摄影"))

    def _words(self, token: Token) -> None:
        """Handle 文/ before a name: the next names wrote the text."""
        self._close()
        self.role, self.label, self.lead = "文字", "", ""

    def _picture(self, token: Token) -> None:
        """Handle 图/ before a name: the next names took the pictures."""
        self._close()
        self.role, self.label, self.lead = "摄影", "", "摄影"

    def _text(self, token: Token) -> None:
        if not self.group:
            self.role, self.label = "文字", ""
            return
        self.group = [replace(c, role=c.role or "文字") for c in self.group]
        self._close()
        self.role = self.label = ""

    def _both(self, token: Token) -> None:
        if not self.group:
            self.has_both = True
            return
        self.group = [replace(c, role=c.role or "文字") for c in self.group]
        writers = [c for c in self.group if c.role in words.WRITING]
        self.group += [replace(c, role="摄影", label="") for c in writers]
        self._close()

    def _taking(self, token: Token) -> None:
        self.group = [
            c if c.role else replace(c, role="作者", label="参与采写") for c in self.group
        ]
        self._close()

    def _break(self, token: Token) -> None:
        self._close()
        self.role = self.label = ""

    def _close(self) -> None:
        """Finish the group; people without a role become authors."""
        self.done += [
            replace(c, role=c.role or ("文字" if self.has_both else "作者")) for c in self.group
        ]
        self.group = []

    def _commentator(self, token: Token) -> None:
        """Handle a commentator without a name, who signs for the paper (本报评论员)."""
        is_author = self.role == "作者"
        self.group.append(
            Credit(token.label, "作者", "评论员") if is_author else Credit(token.label, "评论员")
        )

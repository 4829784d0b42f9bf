"""Validation before a save or a transition: complete content, a reason, answered findings."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofing.rules import Finding, Word
from proofing.services import proofread
from textkit.characters import clean_text

from ..content import Content
from ..exceptions import Invalid
from ..models import Article
from ..text_limits import escaped_markup_message


def require_seen(version: int | None) -> None:
    """Raise Invalid where a signature does not say which version the user read."""
    if version is None:
        raise Invalid(
            [
                _(
                    "Open the article again before you sign: the form does not say which "
                    "revision you read."
                )
            ]
        )


def require_reason(reason: str) -> str:
    """Return the reason without surrounding spaces; raise Invalid where there is none."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Invalid([_("Please give a reason.")])
    if len(clean) > 300:
        raise Invalid([_("The reason is longer than 300 characters. Please shorten it.")])
    return clean


def missing_in(content: Content) -> list[tuple[str, str]]:
    """Return (form field, message) for everything that an article lacks for submission.

    Required are heading, text, section, byline, and the caption and credit of photos. Photo news
    needs no heading, but a photo or a text.
    """
    found = []
    if not content.headline and content.kind != "photo":
        found.append(("headline", _("The headline is missing.")))
    if not content.body.text:
        found.append(("body", _("The text is missing.")))
    if content.section is None:
        found.append(("section", _("Please choose a section.")))
    if not content.bylines:
        found.append(("byline", _("The byline is missing. Who wrote the article?")))
    for number, photo in enumerate(content.photos):
        words = {"n": number + 1}
        if not photo.caption.strip():
            found.append((f"photos-{number}-caption", _("Photo %(n)d has no caption.") % words))
        if not photo.credit.strip():
            sentence = _("Photo %(n)d has no photographer.") % words
            found.append((f"photos-{number}-credit", sentence))
    return found


def require_complete(content: Content) -> None:
    """Raise Invalid with the results of `missing_in`, if any."""
    missing = [sentence for _field, sentence in missing_in(content)]
    if missing:
        raise Invalid(missing)


#: Findings number the parts of the heading as paragraphs before those of the text.
HEADING_LINES = 3


def findings_of(content: Content, words: Sequence[Word] | None = None) -> list[Finding]:
    """Return the proofing findings in heading and text of `content`.

    `words` is the house word list if the caller has loaded it already, for many articles.
    """
    heading = [content.kicker, content.headline.replace("\n", " "), content.subhead]
    return proofread([*heading, *content.body.paragraphs], words)


def require_no_escaped_markup(article: Article, content: Content) -> None:
    """Raise Invalid where readers would see HTML tags that are not meant as code."""
    if (code := content.escaped_markup) and not article.has_code:
        raise Invalid([escaped_markup_message(code)])


def require_proofed(content: Content) -> None:
    """Raise Invalid where blocking proofing findings are not answered."""
    blocking = [finding for finding in findings_of(content) if finding.is_blocking]
    if blocking:
        words = "、".join(dict.fromkeys(finding.excerpt for finding in blocking))
        raise Invalid(
            [
                ngettext(
                    "A word on the house list blocks signing: %(words)s",
                    "Words on the house list block signing: %(words)s",
                    len(blocking),
                )
                % {"words": words}
            ]
        )

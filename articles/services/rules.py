"""The conditions that come before a write: who, in which state, with what complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bylines.models import Contributor
from bylines.services import display_name
from paper.querysets import the_paper
from proofing.rules import Finding, Word
from proofing.services import proofread
from textkit import html

from ..content import Content
from ..errors import Conflict, Forbidden, Hidden, Invalid
from ..models import Article
from ..parts import is_signed_by
from ..querysets import signed_by
from ..states import READINGS, State, reading_plan
from ..workflow import Actor, Role, Scope, actor_of, allows
from .happened import meanwhile as meanwhile
from .happened import move_label as move_label


def scope_of(article: Article, actor: Actor) -> Scope:
    """Return how `article` stands to the person: his own, in his section, or others'."""
    user_id = actor.user.pk
    if article.created_by_id == user_id and user_id is not None:
        return Scope.OWN
    if is_signed_by(article, user_id):
        return Scope.OWN
    in_section = article.section_id in actor.section_ids
    return Scope.OWN_SECTION if in_section else Scope.OTHERS


def effective_state(article: Article, move: str, at: dt.datetime) -> State:
    """Return the state that the table is asked about.

    A story stays in print while its correction is read: the chief may withdraw it all the same.
    A correction that was returned to the author is seen and dropped like one in its readings.
    """
    if move == "withdraw" and article.is_in_print(at):
        return State.PUBLISHED
    is_returned = article.state == State.DRAFT and article.story_id is not None
    if is_returned and move in {"view", "history", "spike"}:
        return State.SECOND_READING
    return article.status(at)


def may(article: Article, move: str, user: User, at: dt.datetime) -> bool:
    """Return whether the table lets `user` make `move` ("view" and "history" too) at `at`."""
    actor = actor_of(user)
    return allows(move, actor, scope_of(article, actor), effective_state(article, move, at))


def may_ever(article: Article, move: str, user: User) -> bool:
    """Return whether the table lets `user` make `move` on the article in any state."""
    actor = actor_of(user)
    scope = scope_of(article, actor)
    return any(allows(move, actor, scope, state) for state in State)


def require(
    article: Article, move: str, user: User, at: dt.datetime, known: int | None = None
) -> None:
    """Raise Hidden, Forbidden or Conflict where the table does not let `user` make `move`.

    A Conflict tells what happened since the version `known`.
    """
    actor = actor_of(user)
    scope = scope_of(article, actor)
    if not allows("view", actor, scope, effective_state(article, "view", at)):
        raise Hidden(_("There is no such article."))
    if allows(move, actor, scope, effective_state(article, move, at)):
        return
    if may_ever(article, move, user):
        raise Conflict(meanwhile(article, at, known))
    raise Forbidden(_("Your role does not allow this on this article."))


def is_held_by_other(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether somebody else has taken `article` and not left it alone for 30 minutes."""
    return article.held_by(at) not in {None, user}


def require_edit(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Hidden, Forbidden or Conflict where `user` may not change the text now."""
    require(article, "edit", user, at)
    if article.state in READINGS:
        require_free(article, user, at)
        if article.taken_by_id != user.pk:
            raise Conflict(_("Take the article before you edit it."))


def can_edit(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether `require_edit` lets `user` change the text now; tells no why, and is quick."""
    if not (may(article, "view", user, at) and may(article, "edit", user, at)):
        return False
    is_free = not is_held_by_other(article, user, at)
    return article.state not in READINGS or (is_free and article.taken_by_id == user.pk)


def require_free(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Conflict where somebody else has the article."""
    if is_held_by_other(article, user, at):
        raise Conflict(
            _("%(name)s has taken this article.") % {"name": display_name(article.taken_by)}
        )


def require_reason(reason: str) -> str:
    """Return the reason trimmed; raise Invalid where there is none."""
    clean = reason.strip()
    if not clean:
        raise Invalid([_("Please give a reason.")])
    if len(clean) > 300:
        raise Invalid([_("The reason is longer than 300 characters. Please shorten it.")])
    return clean


def missing_in(content: Content) -> list[tuple[str, str]]:
    """Return (field of the form, sentence) for what an article lacks before it can be handed in.

    Heading, text, section, byline, and words of a photo (design §4, submit). Photo news may stand
    without a heading, but not without a photo or a text.
    """
    found = []
    if not content.headline and content.kind != "photo":
        found.append(("headline", _("The headline is missing.")))
    if not html.to_text(content.body):
        found.append(("body", _("The text is missing.")))
    if content.section is None:
        found.append(("section", _("Please choose a section.")))
    if not content.bylines:
        found.append(("byline", _("The byline is missing: who wrote it?")))
    for number, photo in enumerate(content.photos):
        words = {"n": number + 1}
        if not photo.caption.strip():
            found.append((f"photos-{number}-caption", _("Photo %(n)d has no caption.") % words))
        if not photo.credit.strip():
            sentence = _("Photo %(n)d does not say who took it.") % words
            found.append((f"photos-{number}-credit", sentence))
    return found


def require_complete(content: Content) -> None:
    """Raise Invalid where `missing_in` finds something."""
    missing = [sentence for _field, sentence in missing_in(content)]
    if missing:
        raise Invalid(missing)


def has_signed_other(article: Article, user: User) -> bool:
    """Return whether `user` signed another reading of this round, so that this is not his."""
    return Article.objects.filter(signed_by(actor_of(user)), pk=article.pk).exists()


def require_not_writer(article: Article, user: User) -> None:
    """Raise Conflict where `user` stood in the byline once: nobody signs what he wrote.

    The present byline is asked by the table; this holds where he took his name out.
    """
    own = set(Contributor.objects.filter(user=user).values_list("pk", flat=True))
    if not own:
        return
    bylines = article.revisions.filter(is_side=False).values_list("content__bylines", flat=True)
    if any(row["contributor"] in own for rows in bylines for row in rows or []):
        raise Conflict(_("You stood in the byline of this article. Somebody else must sign it."))


def require_author(article: Article) -> None:
    """Raise Conflict where no author of the article has a login that works."""
    signs = Q(contributor__bylines__article=article)
    authors = User.objects.filter(Q(pk=article.created_by_id or 0) | signs)
    if not authors.filter(is_active=True).exists():
        raise Conflict(
            _("Its author has no login: nobody could change it. Edit it yourself, or drop it.")
        )


def other_reader_words() -> str:
    """Return the sentence of `has_signed_other`."""
    return _("You have signed another reading of this article. Somebody else must sign this one.")


def is_only_final_reader(user: User) -> bool:
    """Return whether nobody but `user` signs final readings: an earlier one of his blocks them."""
    if not actor_of(user).has(Role.CHIEF):
        return False
    chiefs = User.objects.filter(is_active=True, groups__name=Role.CHIEF)
    return (
        set(chiefs.values_list("pk", flat=True)) == {user.pk} and not the_paper().allow_same_reader
    )


#: Findings count the parts of the heading as paragraphs before those of the text.
HEADING_LINES = 3


def findings_of(content: Content, words: Sequence[Word] | None = None) -> list[Finding]:
    """Return the proofing findings in heading and text of `content`.

    `words` is the house list where it was read already, for many articles.
    """
    heading = [content.kicker, content.headline.replace("\n", " "), content.subhead]
    return proofread([*heading, *html.to_paragraphs(content.body)], words)


def require_proofed(content: Content) -> None:
    """Raise Invalid where blocking proofing findings are not answered."""
    blocking = [finding for finding in findings_of(content) if finding.is_blocking]
    if blocking:
        words = "、".join(dict.fromkeys(finding.excerpt for finding in blocking))
        raise Invalid(
            [
                ngettext(
                    "A word of the house list blocks the signature: %(words)s",
                    "Words of the house list block the signature: %(words)s",
                    len(blocking),
                )
                % {"words": words}
            ]
        )


def plan_for(article: Article) -> tuple[State, ...]:
    """Return the readings that this article goes through, by the paper's and section's rules."""
    section = article.section
    paper = section.paper if section else the_paper()
    return reading_plan(paper.readings, section.readings if section else None)

"""Preconditions of writes: who may make which transition in which state."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from bylines.services import display_name
from paper.permissions import Capability, people_who_may
from paper.querysets import get_paper

from ..exceptions import Conflict, Forbidden, Hidden
from ..issue_plan import issue_plan
from ..models import Article
from ..querysets import signed_by, signers_of
from ..selectors.recent_changes import conflict_message
from ..workflow.states import REVIEWS, Shown, State, review_plan
from ..workflow.transitions import Actor, Scope, actor_of, allows


def is_placed(article: Article) -> bool:
    """Return whether the article is on a page of an issue that is not signed."""
    return Article.objects.filter(issue_plan().placed(), pk=article.pk).exists()


def scope_of(article: Article, actor: Actor) -> Scope:
    """Return the scope of `article` for the user: own, of a section, town or page, or others'."""
    user_id = actor.user.pk
    if article.created_by_id == user_id and user_id is not None:
        return Scope.OWN
    if article.is_signed_by(user_id):
        return Scope.OWN
    scope = Scope.OTHERS
    if article.section_id in actor.section_ids:
        scope |= Scope.OWN_SECTION
    if actor.may(Capability.FOLLOW_TOWN) and _is_of_office(article, actor):
        scope |= Scope.OWN_TOWN
    if actor.may(Capability.LAY_OUT_PAGES) and is_placed(article):
        scope |= Scope.PLACED
    return scope


def _is_of_office(article: Article, actor: Actor) -> bool:
    """Return whether the article comes from the town or the unit of the user's office."""
    if actor.unit and article.unit == actor.unit:
        return True
    return actor.town_id in {town.pk for town in article.towns.all()}


def effective_state(article: Article, transition: str, at: dt.datetime) -> State:
    """Return the state to look up in the transition table.

    A story stays in print while its correction is reviewed, and the chief may still withdraw it. A
    correction that was returned to the author can be viewed and dropped like one in review.
    """
    if transition == "withdraw" and article.shown(at) in {Shown.STORY, Shown.OLD_TEXT}:
        return State.PUBLISHED
    is_returned = article.state == State.DRAFT and article.story_id is not None
    if is_returned and transition in {"view", "history", "spike"}:
        return State.SECOND_REVIEW
    return article.status(at)


def may(article: Article, transition: str, user: User, at: dt.datetime) -> bool:
    """Return whether the table allows `user` to make `transition`, "view" or "history"."""
    actor = actor_of(user)
    return allows(
        transition, actor, scope_of(article, actor), effective_state(article, transition, at)
    )


def may_ever(article: Article, transition: str, user: User) -> bool:
    """Return whether the table allows `user` to make `transition` on the article in any state."""
    actor = actor_of(user)
    scope = scope_of(article, actor)
    return any(allows(transition, actor, scope, state) for state in State)


def require(
    article: Article, transition: str, user: User, at: dt.datetime, known: int | None = None
) -> None:
    """Raise Hidden, Forbidden or Conflict where the table does not allow the transition.

    A Conflict describes what happened since the version `known`.
    """
    actor = actor_of(user)
    scope = scope_of(article, actor)
    if not allows("view", actor, scope, effective_state(article, "view", at)):
        raise Hidden(_("There is no such article."))
    if allows(transition, actor, scope, effective_state(article, transition, at)):
        return
    if may_ever(article, transition, user):
        raise Conflict(conflict_message(article, at, known))
    raise Forbidden(_("Your role does not allow this on this article."))


def is_held_by_other(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether another user has taken `article` and was active in the last 30 minutes."""
    return article.held_by(at) not in {None, user}


def require_edit(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Hidden, Forbidden or Conflict where `user` may not change the text now."""
    require(article, "edit", user, at)
    if article.state in REVIEWS:
        require_free(article, user, at)
        if article.taken_by_id != user.pk:
            raise Conflict(_("Take the article before you edit it."))


def can_edit(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether `require_edit` passes; it gives no reason and is faster."""
    if not (may(article, "view", user, at) and may(article, "edit", user, at)):
        return False
    is_free = not is_held_by_other(article, user, at)
    return article.state not in REVIEWS or (is_free and article.taken_by_id == user.pk)


def require_free(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Conflict where another user has taken the article."""
    if is_held_by_other(article, user, at):
        raise Conflict(
            _("%(name)s has taken this article.") % {"name": display_name(article.taken_by)}
        )


def has_signed_other(article: Article, user: User) -> bool:
    """Return whether `user` signed another review of this round, and may not sign this one."""
    return Article.objects.filter(signed_by(actor_of(user)), pk=article.pk).exists()


def require_author(article: Article) -> None:
    """Raise Conflict where no author of the article has an active login."""
    authors = User.objects.filter(Q(pk=article.created_by_id or 0) | Q(pk__in=signers_of(article)))
    if not authors.filter(is_active=True).exists():
        raise Conflict(
            _("Its author has no login, so nobody could revise it. Edit it yourself or spike it.")
        )


def other_reviewer_message() -> str:
    """Return the message for `has_signed_other`."""
    return _("You have signed another review of this article. Somebody else must sign this one.")


def is_sole_final_reviewer(user: User) -> bool:
    """Return whether `user` alone signs final reviews: signing an earlier one would block them."""
    if not actor_of(user).may(Capability.APPROVE_FINAL_REVIEW):
        return False
    chiefs = people_who_may(Capability.APPROVE_FINAL_REVIEW)
    return (
        set(chiefs.values_list("pk", flat=True)) == {user.pk}
        and not get_paper().allow_same_reviewer
    )


def plan_for(article: Article) -> tuple[State, ...]:
    """Return the reviews of this article, by the settings of the paper and the section."""
    section = article.section
    paper = section.paper if section else get_paper()
    return review_plan(paper.reviews, section.reviews if section else None)

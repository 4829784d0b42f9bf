"""Suggestions for first-time users of the demo, by role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from paper.permissions import Capability, Role, roles_allow

from .navigation import has_public_site


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Suggestion with its URL, or "" for a terminal command."""

    text: str
    url: str


def first_steps(roles: Collection[Role]) -> list[FirstStep]:
    """Return the suggestions for `roles`, in the order of the work; it makes no query."""
    held = frozenset(roles)
    steps: list[FirstStep] = []
    is_reviewer = roles_allow(held, Capability.REVIEW)
    if roles_allow(held, Capability.WRITE_ARTICLES) and not is_reviewer:
        steps += _of_writers()
    if is_reviewer:
        steps += _of_reviewers(held)
    if roles_allow(held, Capability.IMPORT_PAGES):
        text = _("Paste a page of an old newspaper, such as the text in docs/samples/page.txt")
        steps.append(FirstStep(text, reverse("admin:paste")))
    steps += _of_viewers(held)
    if roles_allow(held, Capability.MANAGE_LOGINS):
        steps += _of_administrators()
    if has_public_site():
        steps.append(FirstStep(_("View the paper as readers see it"), "/"))
    return steps


def _of_writers() -> list[FirstStep]:
    articles = reverse("admin:articles_article_changelist")
    return [
        FirstStep(
            _("Write a story, add a photo and submit it"),
            reverse("admin:articles_article_add"),
        ),
        FirstStep(_("Follow the progress of your stories"), f"{articles}?list=own"),
    ]


def _of_reviewers(held: frozenset[Role]) -> list[FirstStep]:
    issues = reverse("admin:issues_issue_changelist")
    steps = [
        FirstStep(
            _("Take an article from the queue, edit it, and approve or return it"),
            reverse("admin:queue"),
        )
    ]
    if roles_allow(held, Capability.SIGN_ISSUES):
        steps.append(
            FirstStep(_("Open the next issue: place articles, close it and sign it"), issues)
        )
        steps.append(FirstStep(_("Arrange the homepage"), reverse("admin:homepage")))
    elif roles_allow(held, Capability.PLAN_ISSUES):
        steps.append(
            FirstStep(_("Open the next issue and place approved stories on its pages"), issues)
        )
    else:
        steps.append(FirstStep(_("See what the next issue still needs"), issues))
    return steps


def _of_viewers(held: frozenset[Role]) -> list[FirstStep]:
    """Return the suggestions for proofreaders, layout editors and offices."""
    articles = reverse("admin:articles_article_changelist")
    issues = reverse("admin:issues_issue_changelist")
    steps = []
    if roles_allow(held, Capability.PROOFREAD):
        steps.append(FirstStep(_("Read an approved article"), f"{articles}?state=approved"))
        steps.append(FirstStep(_("Comment on a paragraph with an error"), articles))
    if roles_allow(held, Capability.LAY_OUT_PAGES):
        steps.append(FirstStep(_("Hand off a page: download its texts and photos"), issues))
        steps.append(FirstStep(_("See which articles are approved"), f"{articles}?state=approved"))
    if roles_allow(held, Capability.FOLLOW_TOWN):
        steps.append(FirstStep(_("Follow the progress of your town's articles"), articles))
        steps.append(FirstStep(_("See which of them are published"), f"{articles}?state=published"))
    return steps


def _of_administrators() -> list[FirstStep]:
    return [
        FirstStep(_("Invite a person and open the link yourself"), reverse("admin:auth_user_add")),
        FirstStep(_("Back up the whole paper, in a terminal: ./run backup"), ""),
    ]

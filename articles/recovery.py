"""What the article screen needs so that nothing typed is lost: its window, words, kept texts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from paper.admin_base import DeskRequest

from . import forms, photo_forms
from .limits import too_large
from .models import Article, Parked, Revision
from .services import parking, rules
from .window import new_tab, window_of


def parked_forms(
    request: DeskRequest, article: Article | None, at: dt.datetime
) -> tuple[forms.ArticleForm, Any] | None:
    """Return the forms with what the person sent here after his session had ended, if he did."""
    # Where he might edit it at another time, his text is refused when saved, and kept beside it.
    if article is not None and not rules.may_ever(article, "edit", request.user):
        return None
    parked = parking.parked_for(request.user, request.path, at)
    if parked is None or "without-parked" in request.GET:
        return None
    request.parked = parked  # type: ignore[attr-defined]
    data = _as_data(parked)
    shown = Article.objects.get(pk=article.pk) if article else None
    photos = photo_forms.Sent(data).rows(article, request.user)
    return forms.ArticleForm(data, instance=shown), photos


def _as_data(parked: Parked) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in parked.fields:
        data.appendlist(name, value)
    return data


def window_context(
    request: DeskRequest,
    article: Article | None,
    form: Any,
    revisions: Sequence[Revision] | None,
) -> dict[str, Any]:
    """Return what `_lost.html` shows: the window of this form and what waits to be looked at.

    `revisions` are the article's, newest first, where they have been read.
    """
    parked: Parked | None = getattr(request, "parked", None)
    window = window_of(_as_data(parked) if parked else request.POST)
    return {
        "tab": window.tab or new_tab(),
        "turn": window.turn,
        "parked": parked,
        "is_unsaved": form is not None and bool(parked or request.method == "POST"),
        "owner_token": parking.owner_token(request.user),
        "lost_urls": _urls(article),
        "lost_words": json.dumps(_words(), ensure_ascii=False),
        "aside": _aside(article, request.user, revisions) if article else None,
    }


def _urls(article: Article | None) -> dict[str, str]:
    place = [article.pk] if article else []
    session, login = reverse("admin:articles_session"), reverse("admin:login")
    urls = {
        "session": session,
        "sent": reverse("admin:articles_sent"),
        "autosave": reverse("admin:articles_autosave", args=place),
        "login": f"{login}?next={session}",
        "elsewhere": f"{login}?next={reverse('admin:index')}",
    }
    if article:
        urls["presence"] = reverse("admin:articles_presence", args=place)
        urls["merge"] = reverse("admin:articles_article_merge", args=[article.pk, 0])
    return urls


def _words() -> dict[str, Any]:
    """Return what the modules in the browser say; {names} are filled in there."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved by itself {time}"),
        "offline": _("No network. Your text is kept in this browser and sent when there is one."),
        "offlineOnly": _("No network. Please leave this page open until there is one."),
        "here": _("Your text is still here."),
        "broken": _("The server has a fault."),
        "large": too_large(),
        "merge": _("Compare and put together"),
        "loggedOut": _("You are logged out."),
        "logIn": _("Log in"),
        "textIsHere": _("What you wrote is still here. It is saved as soon as you are logged in."),
        "wait": _("One moment…"),
        "notNow": _("Not now"),
        "newWindow": _("Log in in a new window"),
        "otherLogin": _(
            "Somebody else is logged in now. Please log in as the one who opened this page."
        ),
        "offlineLogin": _("The login cannot be reached. Is there a network?"),
        "oneMoreStep": _(
            "The login asks for one more step. Please do it in a new window; this page waits."
        ),
        "alsoOpen": _("Also open with: "),
        "editing": _("{name} (writing)"),
        "otherWindow": _("you, in another window"),
        "found": _("A text that was not saved"),
        "foundAt": _("This browser has a text of {time} that the server does not have."),
        "foundElsewhere": _("This browser has a text of an article that is saved already:"),
        "difference": _("What is different in it"),
        "useMine": _("Use the one in this browser"),
        "useTheirs": _("Use the one on the server"),
        "offlineCopy": _("No network. The text stays in this browser."),
        "putAside": _("The text of this browser is kept as revision {number}."),
        "dropped": _("Put away. It stays in this browser for 14 days."),
        "undo": _("Undo"),
        "goOn": _("Go on"),
        "labels": {
            "headline": _("Headline"),
            "body": _("Body"),
            "towns": _("Towns"),
            "lead_when": _("When"),
            "lead_where": _("Where"),
            "lead_what": _("What happened"),
        },
    }


def _aside(article: Article, user: User, revisions: Sequence[Revision] | None) -> Revision | None:
    """Return the person's newest text beside the article, if he has not saved since."""
    if revisions is None:
        own = article.revisions.filter(saved_by=user).defer("content").order_by("-number")
        last = own.first()
    else:
        last = next((row for row in revisions if row.saved_by_id == user.pk), None)
    return last if last is not None and last.is_side else None

"""Recovery of unsaved input on the article screen: window data, messages, stored forms."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from paper.base_admin import DeskRequest

from ..forms import article_form, submitted_photos
from ..forms.client_window import new_window_id, window_of
from ..models import Article, Revision, UnsavedForm
from ..services import permissions, unsaved_forms
from ..text_limits import too_large


def recoverable_forms(
    request: DeskRequest, article: Article | None, at: dt.datetime
) -> tuple[article_form.ArticleForm, Any] | None:
    """Return the forms with the input that arrived after the user's session expired, or None."""
    # Where the user could edit the article before, a save is refused and becomes a conflict copy.
    if article is not None and not permissions.may_ever(article, "edit", request.user):
        return None
    unsaved = unsaved_forms.unsaved_forms_of(request.user, request.path, at)
    if unsaved is None or "without-unsaved" in request.GET:
        return None
    request.unsaved = unsaved  # type: ignore[attr-defined]
    data = _as_data(unsaved)
    shown = Article.objects.get(pk=article.pk) if article else None
    photos = submitted_photos.SubmittedPhotoRows(data).rows(article, request.user)
    return article_form.ArticleForm(data, instance=shown, user=request.user), photos


def _as_data(unsaved: UnsavedForm) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in unsaved.fields:
        data.appendlist(name, value)
    return data


def window_context(
    request: DeskRequest,
    article: Article | None,
    form: Any,
    revisions: Sequence[Revision] | None,
) -> dict[str, Any]:
    """Return the context of `_draft_store.html`: the window of this form and what can be recovered.

    `revisions` are the article's, newest first, if they have been loaded.
    """
    unsaved: UnsavedForm | None = getattr(request, "unsaved", None)
    window = window_of(_as_data(unsaved) if unsaved else request.POST)
    return {
        "window_id": window.window_id or new_window_id(),
        "sequence": window.sequence,
        "unsaved": unsaved,
        "is_unsaved": form is not None and bool(unsaved or request.method == "POST"),
        "owner_token": unsaved_forms.owner_token(request.user),
        "lost_urls": _urls(article),
        "lost_words": json.dumps(_messages(), ensure_ascii=False),
        "aside": _conflict_copies(article, request.user, revisions) if article else None,
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


def _messages() -> dict[str, Any]:
    """Return the messages of the browser modules, which fill in the {names}."""
    return {
        "saving": _("Saving…"),
        "saved": _("Autosaved {time}"),
        "offline": _(
            "No network. Your text is stored in this browser and sent when the connection returns."
        ),
        "offlineOnly": _("No network. Please keep this page open until the connection returns."),
        "here": _("Your text is still here."),
        "broken": _("Server error. Nothing was saved."),
        "large": too_large(),
        "merge": _("Compare and merge"),
        "loggedOut": _("You are logged out."),
        "logIn": _("Log in"),
        "textIsHere": _("Your text is still here. It is saved as soon as you log in."),
        "wait": _("One moment…"),
        "notNow": _("Not now"),
        "newWindow": _("Log in in a new window"),
        "otherLogin": _(
            "Somebody else is logged in now. Please log in with the login that opened this page."
        ),
        "offlineLogin": _("The login page cannot be reached. Check your network connection."),
        "oneMoreStep": _(
            "Logging in needs one more step. Complete it in a new window; this page waits for you."
        ),
        "alsoOpen": _("Also viewing: "),
        "editing": _("{name} (editing)"),
        "otherWindow": _("you, in another window"),
        "found": _("Unsaved text"),
        "foundAt": _("This browser has text from {time} that is not on the server."),
        "foundElsewhere": _("This browser has text of an article that is already saved:"),
        "difference": _("Show the differences"),
        "useMine": _("Restore my text"),
        "useTheirs": _("Discard my text"),
        "offlineCopy": _("No network. The text is still in this browser."),
        "putAside": _("The text in this browser is saved as revision {number}."),
        "dropped": _("Dismissed. The text stays in this browser for 14 days."),
        "undo": _("Undo"),
        "goOn": _("Continue writing"),
        "labels": {
            "headline": _("Headline"),
            "body": _("Body"),
            "towns": _("Towns"),
            "lead_when": _("When"),
            "lead_where": _("Where"),
            "lead_what": _("What happened"),
        },
    }


def _conflict_copies(
    article: Article, user: User, revisions: Sequence[Revision] | None
) -> Revision | None:
    """Return the user's newest conflict copy, if they have not saved since."""
    if revisions is None:
        own = article.revisions.filter(saved_by=user).defer("content").order_by("-number")
        last = own.first()
    else:
        last = next((row for row in revisions if row.saved_by_id == user.pk), None)
    return last if last is not None and last.is_side else None

"""Comments at the desk: the pages that write, answer, settle and take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bylines.services import display_name
from paper.admin_base import DeskRequest
from textkit import anchors, html

from .errors import Invalid, Refusal
from .models import Article
from .querysets import people_of_record
from .screen import find, refuse
from .services import comments


class CommentForm(forms.Form):
    """What somebody remarks, and on which paragraph of which revision, or on which comment."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=comments.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": ""}),
        help_text=gettext_lazy("@ and a name tells somebody."),
    )
    paragraph = forms.IntegerField(
        required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput
    )
    revision = forms.IntegerField(
        required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput
    )
    parent = forms.IntegerField(
        required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput
    )


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask for a comment on a paragraph; write it."""
    at = timezone.now()
    article = find(request, pk, at)
    try:
        comments.require_comment(article, request.user, at)
    except Refusal as refusal:
        return refuse(request, refusal)
    if request.method != "POST":
        return _ask(request, article, CommentForm(initial=request.GET.dict()))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _ask(request, article, form)
    try:
        made = comments.add_comment(article, user=request.user, at=at, **form.cleaned_data)
    except Invalid as invalid:
        form.add_error("text", invalid.problems)
        return _ask(request, article, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, article, form, status=refusal.status)
    return redirect(f"{_page(article)}#comment-{made.pk}")


@require_safe
def people(request: DeskRequest, pk: int) -> JsonResponse:
    """Return (login, name) of who may be told in a comment on the article, as `people`."""
    at = timezone.now()
    article = find(request, pk, at)
    if not comments.may_comment(article, request.user, at):
        raise Http404
    rows = people_of_record(article).exclude(pk=request.user.pk).order_by("username")
    return JsonResponse({"people": [(one.get_username(), display_name(one)) for one in rows]})


def _page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _ask(
    request: DeskRequest, article: Article, form: CommentForm, status: int = 400
) -> HttpResponse:
    """Show the form on a page of its own, with the paragraph that it is about."""
    context_ = {
        **site.each_context(request),
        "title": _("Comment on “%(title)s”") % {"title": article.title},
        "article": article,
        "form": form,
        "quote": _quote(article, str(form["paragraph"].value() or "")),
    }
    return render(
        request, "articles/comment.html", context_, status=status if form.is_bound else 200
    )


def _quote(article: Article, raw: str) -> str:
    paragraphs = html.to_paragraphs(article.body)
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else len(paragraphs)
    return anchors.quote_of(paragraphs[number]) if number < len(paragraphs) else ""


ACTIONS: dict[str, Callable[..., Any]] = {
    "settle": comments.settle,
    "reopen": comments.reopen,
    "take-back": comments.take_back,
}


@require_POST
def act(request: DeskRequest, pk: int, comment: int, action: str) -> HttpResponse:
    """Settle a comment, open it again, or take it back."""
    call = ACTIONS.get(action)
    if call is None:
        raise Http404
    at = timezone.now()
    article = find(request, pk, at)
    try:
        kept = call(article, comment, user=request.user, at=at)
    except Refusal as refusal:
        return refuse(request, refusal)
    if kept is None:
        messages.success(request, _("The comment is taken back."))
        return redirect(f"{_page(article)}#comments")
    return redirect(f"{_page(article)}#comment-{comment}")


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of the comments, behind the login by `wrap`."""
    return [
        path("<int:pk>/comments/", wrap(write), name="articles_comments"),
        path("<int:pk>/comments/people/", wrap(people), name="articles_comment_people"),
        path(
            "<int:pk>/comments/<int:comment>/<slug:action>/",
            wrap(act),
            name="articles_comment_act",
        ),
    ]

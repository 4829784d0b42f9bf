"""Views that add, reply to, resolve and delete comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paper.base_admin import DeskRequest
from paper.display_names import shown_names
from textkit import comment_anchors
from textkit.numbers import parse_number

from ..exceptions import Invalid, Refusal
from ..models import Article
from ..querysets import commenters_of
from ..services import comments
from .rendering import get_visible_article, refuse


class CommentForm(forms.Form):
    """The text of a comment, with its paragraph and revision, or the comment that it replies to."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=comments.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": ""}),
        help_text=gettext_lazy("Type @ and a name to notify somebody."),
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
    """Show the form for a comment on a paragraph; add the comment."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
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
    """Return as `people` the names of users who can be mentioned in a comment on the article."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    if not comments.may_comment(article, request.user, at):
        raise Http404
    # Names are disambiguated as in the text of a comment, among all users who can be mentioned.
    names = shown_names(commenters_of(article))
    names.pop(request.user.pk, None)
    return JsonResponse({"people": sorted(names.values())})


def _page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _ask(
    request: DeskRequest, article: Article, form: CommentForm, status: int = 400
) -> HttpResponse:
    """Show the form on a separate screen, with the paragraph that it is about."""
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
    paragraphs = article.body.paragraphs
    number = parse_number(raw, len(paragraphs))
    return comment_anchors.quote_of(paragraphs[number]) if number < len(paragraphs) else ""


ACTIONS: dict[str, Callable[..., Any]] = {
    "settle": comments.resolve_comment,
    "reopen": comments.reopen_comment,
    "take-back": comments.delete_comment,
}


@require_POST
def handle_action(request: DeskRequest, pk: int, comment: int, action: str) -> HttpResponse:
    """Resolve, reopen or delete a comment."""
    call = ACTIONS.get(action)
    if call is None:
        raise Http404
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    try:
        result = call(article, comment, user=request.user, at=at)
    except Refusal as refusal:
        return refuse(request, refusal)
    if result is None:
        messages.success(request, _("The comment has been deleted."))
        return redirect(f"{_page(article)}#comments")
    return redirect(f"{_page(article)}#comment-{comment}")

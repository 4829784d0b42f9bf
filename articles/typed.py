"""What stands in the form while it is being typed: as much of it as can be saved by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from taggit.models import Tag

from bylines.credit_line import Credit
from bylines.models import Contributor
from bylines.services import squeeze_name
from photos.services import credit_line

from . import forms
from .content import Content, PhotoRow, content_of
from .models import Article


@dataclass(slots=True)
class Typed:
    """The content, and in sentences what has to wait for a save by hand."""

    content: Content
    waiting: list[str] = field(default_factory=list)
    is_blank: bool = False


def read(data: QueryDict, article: Article | None, *, by_hand: bool = False) -> Typed | list[str]:
    """Return what was typed, or the problems that keep it from being saved.

    A byline that cannot be read yet, or with a new name, waits: half a name would become a
    contributor. `by_hand` makes new contributors as the form's own save does.
    """
    shown = Article.objects.get(pk=article.pk) if article else None
    form = forms.ArticleForm(data, instance=shown)
    form.is_valid()
    problems = [
        f"{form[name].label if name in form.fields else ''} {' '.join(map(str, errors))}".strip()
        for name, errors in form.errors.items()
        if name != "byline" or by_hand
    ]
    if problems:
        return problems
    typed = Typed(Content(), is_blank=form.is_blank)
    new = [] if by_hand else _new_names(form.byline_credits, article)
    if new:
        form.byline_credits = [c for c in form.byline_credits if c.name not in new]
        typed.waiting.append(
            _("“%(names)s” is new here and joins the byline when you press Save.")
            % {"names": "、".join(new)}
        )
    if not by_hand:
        form.cleaned_data["tag_line"] = _known_tags(form.cleaned_data["tag_line"], typed)
    photos = _photos(data, article, typed)
    typed.content = form.content(photos)
    if "byline" in form.errors:
        stored = content_of(article).bylines if article else ()
        typed.content = replace(typed.content, bylines=stored)
        typed.waiting.append(_("The byline cannot be read yet."))
    return typed


def _new_names(credits: Sequence[Credit], article: Article | None) -> list[str]:
    stored = {row.contributor.name for row in article.bylines.all()} if article else set()
    return [
        credit.name
        for credit in credits
        if credit.name not in stored
        and not Contributor.objects.named(squeeze_name(credit.name)).exists()
    ]


def _known_tags(tags: Sequence[str], typed: Typed) -> list[str]:
    """Return the tags that there are: half a word would become a tag."""
    known = [tag for tag in tags if Tag.objects.filter(name=tag).exists()]
    if len(known) < len(tags):
        typed.waiting.append(_("New tags are saved when you press Save."))
    return known


def _photos(data: QueryDict, article: Article | None, typed: Typed) -> tuple[PhotoRow, ...]:
    """Return the photos that the article has, with the captions as typed; files wait."""
    if article is None:
        return ()
    rows: Any = forms.PhotoFormSet(data, prefix="photos", initial=forms.photo_initial(article))
    rows.article = article
    if not rows.is_valid():
        typed.waiting.append(_("The photos are saved when you press Save."))
        return content_of(article).photos
    allowed = set(article.photos.values_list("pk", flat=True))
    chosen = [
        (row.cleaned_data["photo"], row.cleaned_data["caption"], row.cleaned_data["alt"])
        for row in rows
        if row.cleaned_data.get("photo") and not row.cleaned_data.get("remove")
    ]
    return tuple(
        PhotoRow(photo.pk, caption, credit_line(photo), alt)
        for photo, caption, alt in chosen
        if photo.pk in allowed
    )

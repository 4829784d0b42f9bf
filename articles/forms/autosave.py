"""Parser for autosaved form data: accepts the part of an unfinished form that can be saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext as _

from bylines.services import NEW, Doubt, NameDoubt, RunDoubt, name_key
from photos.services import credit_line
from press.tags import known_tags

from ..content import Content, PhotoRow, content_of
from ..models import Article
from . import article_form


@dataclass(slots=True)
class AutosavedForm:
    """The content that can be saved, and messages about what needs a manual save."""

    content: Content
    waiting: list[str] = field(default_factory=list)
    is_blank: bool = False
    has_code: bool = False


def read_autosave(
    data: QueryDict, article: Article | None, *, user: User | None = None, by_hand: bool = False
) -> AutosavedForm | list[str]:
    """Return the input of `user`, or the problems that prevent a save.

    A byline that cannot be parsed yet, or that has a new name, is left for a manual save: a
    half-typed name would become a contributor. So is a name that the form will ask about. With
    `by_hand`, new contributors are created as in the form's own save.
    """
    shown = Article.objects.get(pk=article.pk) if article else None
    form = article_form.ArticleForm(data, instance=shown, user=user)
    form.is_valid()
    problems = [
        f"{form[name].label if name in form.fields else ''} {' '.join(map(str, errors))}".strip()
        for name, errors in form.errors.items()
        if name != "byline" or by_hand
    ]
    if problems:
        return problems
    has_code = form.cleaned_data["has_code"]
    typed = AutosavedForm(Content(), is_blank=form.is_blank, has_code=has_code)
    _let_names_wait(form, typed, by_hand=by_hand)
    if not by_hand:
        form.cleaned_data["tag_line"] = _known_tags(form.cleaned_data["tag_line"], typed)
    photos = _photos(data, article, typed, form.names.spellings)
    typed.content = form.content(photos)
    if "byline" in form.errors:
        stored = content_of(article).bylines if article else ()
        typed.content = replace(typed.content, bylines=stored)
        typed.waiting.append(_("The byline is incomplete and not saved yet."))
    return typed


def _let_names_wait(form: article_form.ArticleForm, typed: AutosavedForm, *, by_hand: bool) -> None:
    """Remove names that need a manual save from the byline, and add a message about them."""
    names, credits = form.names, form.byline_credits
    unknown = names.unknown(credits)
    if not unknown:
        return
    doubts = names.doubts(unknown, form.town)
    people = names.read(unknown)
    unclear = {doubt.key for doubt in doubts}
    new = [
        one.name
        for one in unknown
        if not by_hand
        and name_key(one.run) not in unclear
        and (not people.found(one.name) or names.answers.get(name_key(one.name)) == NEW)
    ]
    waiting = unclear | set(map(name_key, new))
    form.byline_credits = [
        one for one in credits if waiting.isdisjoint({name_key(one.name), name_key(one.run)})
    ]
    values = {"names": "、".join(new)}
    if new:
        typed.waiting.append(
            _("“%(names)s” is new here and is added to the byline when you press Save.") % values
        )
    _ask_later(doubts, typed)


def _ask_later(doubts: Sequence[Doubt], typed: AutosavedForm) -> None:
    """Add messages that the form asks about these names when it is saved by hand."""
    people = "、".join(doubt.name for doubt in doubts if isinstance(doubt, NameDoubt))
    runs = "”、“".join(doubt.name for doubt in doubts if isinstance(doubt, RunDoubt))
    if people:
        said = _("Somebody named %(names)s has a login here. Press Save, then choose who is meant.")
        typed.waiting.append(said % {"names": people})
    if runs:
        said = _("“%(names)s” can be one person or several. Press Save, then choose.")
        typed.waiting.append(said % {"names": runs})


def _known_tags(tags: Sequence[str], typed: AutosavedForm) -> list[str]:
    """Return the tags that exist: a half-typed word would become a tag."""
    known = known_tags(tags)
    if len(known) < len(tags):
        typed.waiting.append(_("New tags are saved when you press Save."))
    return known


def _photos(
    data: QueryDict, article: Article | None, typed: AutosavedForm, known: frozenset[str]
) -> tuple[PhotoRow, ...]:
    """Return the article's photos with the captions as typed; new files need a manual save."""
    if article is None:
        return ()
    make: Any = article_form.PhotoFormSet
    rows = make(data, prefix="photos", initial=article_form.photo_initial(article), known=known)
    rows.article = article
    if not rows.is_valid():
        typed.waiting.append(_("Photos are saved when you press Save."))
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

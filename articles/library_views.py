"""The photo library at the desk: the shelf, one photo, and its use in another article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bylines.models import Role as BylineRole
from bylines.services import contributor_for
from paper.admin_base import DeskRequest
from paper.models import Town
from photos.models import Photo

from . import library, services
from .content import BylineRow as ContentByline
from .content import Content
from .errors import Invalid, Refusal
from .list_forms import day_field
from .models import Article
from .screen import find, refuse
from .services import presence, rules
from .workflow import WRITERS, Actor, actor_of

USES = [
    ("", gettext_lazy("All")),
    ("printed", gettext_lazy("Printed")),
    ("waiting", gettext_lazy("In an article, not printed")),
    ("unused", gettext_lazy("Not used")),
    ("own", gettext_lazy("Sent by me")),
]
#: So many of a person's articles are offered for a photo, the last changed first.
OFFERED = 12


class LibraryForm(forms.Form):
    """What a person looks for in the library; each field is a part of the address."""

    q = forms.CharField(label=gettext_lazy("Caption"), required=False, max_length=60)
    writer = forms.CharField(label=gettext_lazy("Photographer"), required=False, max_length=40)
    town = forms.ModelChoiceField(
        Town.objects.all(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Town"),
        empty_label=gettext_lazy("All towns"),
    )
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To"))
    use = forms.ChoiceField(label=gettext_lazy("Use"), choices=USES, required=False)


@require_safe
def shelf(request: DeskRequest) -> HttpResponse:
    """Show the photos that fit the address, newest first."""
    actor, at = actor_of(request.user), timezone.now()
    form = LibraryForm(request.GET)
    found = library.Shelf([], "")
    if form.is_valid():
        found = library.search(actor, at, form.cleaned_data, request.GET.get("before", ""))
    chosen = {k: str(v) for k, v in request.GET.items() if k in form.fields and v}
    uses = [(label, _with(chosen, use=name), chosen.get("use", "") == name) for name, label in USES]
    context = {
        **site.each_context(request),
        "title": _("Photos"),
        "form": form,
        "shelf": found,
        "uses": uses,
        "is_chosen": bool(chosen),
        "is_first": "before" not in request.GET,
        "first": _with(chosen),
        "older": _with(chosen, before=found.older) if found.older else "",
    }
    return render(request, "articles/library.html", context)


def _with(chosen: dict[str, str], **more: str) -> str:
    return "?" + urlencode({k: v for k, v in {**chosen, **more}.items() if v})


class PhotoForm(forms.Form):
    """What is known of a photo, and its focal point in percent of width and height."""

    caption = forms.CharField(label=gettext_lazy("Caption"), required=False, max_length=300)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=60)
    rights = forms.CharField(label=gettext_lazy("Rights"), required=False, max_length=120)
    focus_x = forms.IntegerField(
        label=gettext_lazy("Focal point, from the left (%)"), min_value=0, max_value=100
    )
    focus_y = forms.IntegerField(
        label=gettext_lazy("Focal point, from the top (%)"), min_value=0, max_value=100
    )


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one photo, where it stands, and what looks like it; save what is known of it."""
    actor, at = actor_of(request.user), timezone.now()
    seen = library.visible(actor, at)
    found = get_object_or_404(seen.for_lists().select_related("uploaded_by"), pk=pk)
    form = PhotoForm(request.POST or None, initial=model_to_dict(found))
    if request.method == "POST":
        try:
            library.require_change(found, actor, at)
            if form.is_valid():
                library.change_photo(found, form.cleaned_data, user=request.user, at=at)
                messages.success(request, _("Saved."))
                return redirect("admin:photo", pk)
        except Refusal as refusal:
            return refuse(request, refusal)
        except ValidationError as error:
            form.add_error(None, error)
    shown = Article.objects.visible_to(actor, at).filter(photos=found)
    articles = list(shown.for_lists().prefetch_related(None).order_by("-updated_at")[:OFFERED])
    context = {
        **site.each_context(request),
        "title": _("Photo"),
        "photo": found,
        "articles": [(article, article.status(at)) for article in articles],
        "alike": list(seen.alike(found, at).for_lists()[:6]),
        "may_use": bool(actor.roles & WRITERS),
        "form": form if library.may_change(found, actor, at) else None,
    }
    status = 400 if form.errors else 200
    return render(request, "articles/library_photo.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: DeskRequest, pk: int) -> HttpResponse:
    """Put a photo into one of the person's articles, or into a new one."""
    actor, at = actor_of(request.user), timezone.now()
    found = get_object_or_404(library.visible(actor, at).for_lists(), pk=pk)
    if request.method == "POST":
        return _use(request, found)
    context = {
        **site.each_context(request),
        "title": _("Use this photo"),
        "photo": found,
        "articles": _editable(actor, at),
        "key": uuid4(),
    }
    return render(request, "articles/library_use.html", context)


def _editable(actor: Actor, at: Any) -> list[Article]:
    """Return the person's articles that he may write in now, the last changed first."""
    own = Article.objects.own(actor) | Article.objects.filter(taken_by=actor.user)
    rows = own.distinct().whole().order_by("-updated_at")[: 4 * OFFERED]
    return [row for row in rows if rules.can_edit(row, actor.user, at)][:OFFERED]


def _use(request: DeskRequest, found: Photo) -> HttpResponse:
    at, raw = timezone.now(), request.POST.get("article", "")
    try:
        if raw.isascii() and raw.isdigit() and len(raw) < 19:
            article = find(request, int(raw), at)
            if _is_open(article, request, at):
                return redirect("admin:photo_use", found.pk)
            library.add_to_article(found, article, user=request.user, at=at)
        else:
            article = _new(request, found)
    except Invalid as invalid:
        for problem in invalid.problems:
            messages.error(request, problem)
        return redirect("admin:photo_use", found.pk)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, _("The photo stands in “%(title)s”.") % {"title": article.title})
    return redirect("admin:articles_article_change", article.pk)


def _is_open(article: Article, request: DeskRequest, at: dt.datetime) -> bool:
    """Tell the person who has the article open in another window of his own; return whether.

    What he types there would come too late after a save from here.
    """
    people = presence.others(article, user=request.user, at=at, tab="")
    if not any(person.is_me for person in people):
        return False
    said = _(
        "You have “%(title)s” open in another window. Please save it there and close that window,"
        " then use the photo here."
    )
    messages.warning(request, said % {"title": article.title})
    return True


def _new(request: DeskRequest, found: Photo) -> Article:
    """Begin an article of the person with the photo; the same form again begins no second one."""
    person = contributor_for(request.user)
    is_reporter = person.kind == person.Kind.REPORTER
    role = BylineRole.REPORTER if is_reporter else BylineRole.CORRESPONDENT
    content = Content(kind="photo", bylines=(ContentByline(person.pk, role),))
    return services.create_article(
        library.with_photo(content, found),
        user=request.user,
        at=timezone.now(),
        form_key=request.POST.get("key", "")[:36],
    )


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of the library, behind the login by `wrap`."""
    return [
        path("photos/", wrap(shelf), name="photos"),
        path("photos/<int:pk>/", wrap(photo), name="photo"),
        path("photos/<int:pk>/use/", wrap(use), name="photo_use"),
    ]

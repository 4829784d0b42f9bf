"""Views of the photo library: the list, one photo, and its use in another article."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bylines.models import Role as BylineRole
from bylines.services import contributor_for
from paper.base_admin import DeskRequest
from paper.models import Town
from paper.permissions import Capability
from photos.models import Photo
from textkit.numbers import MAX_ID, parse_number

from .. import services
from ..content import BylineRow as ContentByline
from ..content import Content
from ..exceptions import Invalid, Refusal
from ..forms.list_filters import day_field
from ..models import Article
from ..services import permissions, photo_library, presence
from ..workflow.transitions import Actor, actor_of
from .rendering import get_visible_article, refuse

USES = [
    ("", gettext_lazy("All")),
    ("printed", gettext_lazy("Printed")),
    ("waiting", gettext_lazy("In an article, not printed")),
    ("unused", gettext_lazy("Not used")),
    ("own", gettext_lazy("Uploaded by me")),
    ("retired", gettext_lazy("Out of use")),
]
#: Maximum number of the user's articles that are offered for a photo, last changed first.
OFFERED = 12


class LibraryForm(forms.Form):
    """The filters of the library; each field is a query parameter."""

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
    """Show the photos that match the filters, newest first."""
    actor, at = actor_of(request.user), timezone.now()
    form = LibraryForm(request.GET)
    found = photo_library.LibraryResult([], "")
    if form.is_valid():
        found = photo_library.search(actor, at, form.cleaned_data, request.GET.get("before", ""))
    chosen = {k: str(v) for k, v in request.GET.items() if k in form.fields and v}
    uses = [(label, _with(chosen, use=name), chosen.get("use", "") == name) for name, label in USES]
    context = {
        **site.each_context(request),
        "title": _("Photos"),
        "form": form,
        "shelf": found,
        "uses": uses,
        "is_chosen": bool(chosen),
        "more_is_open": not chosen.keys() <= {"q", "use"},
        "is_first": "before" not in request.GET,
        "first": _with(chosen),
        "older": _with(chosen, before=found.older) if found.older else "",
    }
    return render(request, "articles/photo_library.html", context)


def _with(chosen: dict[str, str], **more: str) -> str:
    return "?" + urlencode({k: v for k, v in {**chosen, **more}.items() if v})


class PhotoForm(forms.Form):
    """The metadata of a photo, and its focal point in percent of width and height."""

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
    """Show a photo, the articles that use it and similar photos; save its metadata."""
    actor, at = actor_of(request.user), timezone.now()
    seen = photo_library.visible(actor, at)
    found = get_object_or_404(seen.for_lists().select_related("uploaded_by"), pk=pk)
    form = PhotoForm(request.POST or None, initial=model_to_dict(found))
    if request.method == "POST":
        try:
            photo_library.require_change(found, actor, at)
            if form.is_valid():
                photo_library.change_photo(found, form.cleaned_data, user=request.user, at=at)
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
        "may_use": actor.may(Capability.WRITE_ARTICLES) and found.is_active,
        "may_retire": actor.may(Capability.MANAGE_PHOTOS),
        "form": form if photo_library.may_change(found, actor, at) else None,
    }
    status = 400 if form.errors else 200
    return render(request, "articles/photo_library_photo.html", context, status=status)


@require_POST
def retire(request: DeskRequest, pk: int) -> HttpResponse:
    """Retire a photo, or bring it back."""
    at = timezone.now()
    found = get_object_or_404(photo_library.visible(actor_of(request.user), at), pk=pk)
    is_active = "in-use" in request.POST
    try:
        photo_library.set_in_use(found, is_active, user=request.user, at=at)
    except Refusal as refusal:
        return refuse(request, refusal)
    said = _("The photo is in use again.") if is_active else _("The photo is out of use.")
    messages.success(request, said)
    return redirect("admin:photo", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a photo to one of the user's articles, or to a new one."""
    actor, at = actor_of(request.user), timezone.now()
    found = get_object_or_404(photo_library.visible(actor, at).for_lists(), pk=pk)
    if request.method == "POST":
        return _use(request, found)
    context = {
        **site.each_context(request),
        "title": _("Use this photo"),
        "photo": found,
        "articles": _editable(actor, at),
        "key": uuid4(),
    }
    return render(request, "articles/photo_library_use.html", context)


def _editable(actor: Actor, at: Any) -> list[Article]:
    """Return the user's articles that they may edit now, last changed first."""
    own = Article.objects.own(actor) | Article.objects.filter(taken_by=actor.user)
    rows = own.distinct().whole().order_by("-updated_at")[: 4 * OFFERED]
    return [row for row in rows if permissions.can_edit(row, actor.user, at)][:OFFERED]


def _use(request: DeskRequest, found: Photo) -> HttpResponse:
    at, raw = timezone.now(), request.POST.get("article", "")
    try:
        number = parse_number(raw, None, most=MAX_ID)
        if number is not None:
            article = get_visible_article(request, number, at)
            if _is_open(article, request, at):
                return redirect("admin:photo_use", found.pk)
            photo_library.add_to_article(found, article, user=request.user, at=at)
        else:
            article = _new(request, found)
    except Invalid as invalid:
        for problem in invalid.problems:
            messages.error(request, problem)
        return redirect("admin:photo_use", found.pk)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, _("The photo was added to “%(title)s”.") % {"title": article.title})
    return redirect("admin:articles_article_change", article.pk)


def _is_open(article: Article, request: DeskRequest, at: dt.datetime) -> bool:
    """Warn if the user has the article open in another window; return whether they have.

    A save from here would make the text typed there stale.
    """
    people = presence.others(article, user=request.user, at=at, window_id="")
    if not any(person.is_me for person in people):
        return False
    said = _(
        "“%(title)s” is open in another window. Save it there and close that window, then use "
        "the photo here."
    )
    messages.warning(request, said % {"title": article.title})
    return True


def _new(request: DeskRequest, found: Photo) -> Article:
    """Create an article of the user with the photo; the same form creates only one."""
    person = contributor_for(request.user)
    is_reporter = person.kind == person.Kind.REPORTER
    role = BylineRole.REPORTER if is_reporter else BylineRole.CORRESPONDENT
    photo_library.require_in_use(found)
    content = Content(kind="photo", bylines=(ContentByline(person.pk, role),))
    return services.create_article(
        photo_library.with_photo(content, found),
        user=request.user,
        at=timezone.now(),
        form_key=request.POST.get("key", "")[:36],
    )

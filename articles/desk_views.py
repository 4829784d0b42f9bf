"""The article screen at the desk: read, write, move. Thin: the rules are in `services`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bylines.models import Contributor
from bylines.models import Role as BylineRole
from bylines.services import contributor_for
from paper.admin_base import DeskRequest
from paper.querysets import the_paper
from paper.roles import Role
from photos import serving
from photos.models import Photo
from photos.picture import NAME

from . import forms, library, photo_forms, services
from .content import content_of, from_json
from .errors import Conflict, Forbidden, Invalid, Refusal, StaleSave
from .models import Article
from .moves import ASKING, CALLS, done_words, form_of, make, words
from .recovery import parked_forms
from .screen import find, find_whole, refuse, render_article
from .services import parking, rules
from .services.happened import did_already
from .services.revisions import Save, came_twice, known_version
from .window import number as number_in
from .window import window_of
from .workflow import MOVES, WRITERS, actor_of

_PAGE = "admin:articles_article_change"


@require_http_methods(["GET", "HEAD", "POST"])
def article_screen(request: DeskRequest, pk: int) -> HttpResponse:
    """Show an article; save it where the person may edit it."""
    at = timezone.now()
    if request.method == "POST":
        article = find(request, pk, at)
        try:
            rules.require(article, "edit", request.user, at)
        except Conflict:
            pass  # what was typed is kept aside, below
        except Refusal as refusal:
            return refuse(request, refusal)
        return _save(request, article, at)
    article = find_whole(request, pk, at)
    parked = parked_forms(request, article, at)
    if parked is not None:
        return render_article(request, article, *parked)
    if not rules.can_edit(article, request.user, at):
        return render_article(request, article, None, None)
    form = forms.ArticleForm(instance=article)
    photos: Any = forms.PhotoFormSet(initial=forms.photo_initial(article), prefix="photos")
    if "missing" in request.GET:
        missing = rules.missing_in(content_of(article))
        form.tell(missing)
        photos.tell(missing)
    return render_article(request, article, form, photos)


@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: DeskRequest) -> HttpResponse:
    """Show an empty article; create it from what was typed."""
    if not actor_of(request.user).roles & WRITERS:
        return refuse(request, Forbidden(_("Your role does not write articles.")))
    at = timezone.now()
    if request.method == "POST":
        made = services.made_by_form(window_of(request.POST).tab, request.user)
        return _save(request, made, at)
    parked = parked_forms(request, None, at)
    if parked is not None:
        return render_article(request, None, *parked)
    form = forms.ArticleForm(initial=_defaults(request))
    return render_article(request, None, form, forms.PhotoFormSet(prefix="photos"))


def _defaults(request: DeskRequest) -> dict[str, Any]:
    """Return what a new article begins with: its author's own byline, town, unit and section."""
    person = contributor_for(request.user)
    is_staff_writer = person.kind == person.Kind.REPORTER
    role = BylineRole.REPORTER if is_staff_writer else BylineRole.CORRESPONDENT
    return {
        "byline": forms.credit_text([(person.name, role, "")]),
        "towns": [person.town] if person.town else [],
        "unit": person.unit,
        "section": person.section,
        "version": 0,
        **_lead(request, person),
    }


def _lead(request: DeskRequest, person: Contributor) -> dict[str, Any]:
    """Return when and where a correspondent's story mostly happens: today, in his town."""
    if actor_of(request.user).roles > {Role.CORRESPONDENT}:
        return {}
    today = timezone.localdate()
    return {
        "lead_when": _("%(month)d/%(day)d") % {"month": today.month, "day": today.day},
        "lead_where": person.place,
        "dateline": the_paper().dateline,
    }


def _save(request: DeskRequest, article: Article | None, at: dt.datetime) -> HttpResponse:
    """Save what was typed; where a move's button sent it, make that move on what was saved."""
    # A copy for the form: a ModelForm writes what was typed into its instance.
    shown = Article.objects.get(pk=article.pk) if article else None
    sent = photo_forms.store_files(request.POST, request.FILES, user=request.user, at=at)
    form = forms.ArticleForm(sent.data, instance=shown)
    if sent.rearrange(request.POST.get("then", "")):
        return _again(request, article, form, sent.rows(article, request.user))
    photos = sent.rows(article, request.user)
    photos.ask_for_files()
    if not (form.is_valid() and photos.is_valid()):
        return _again(request, article, form, photos, status=400)
    if article is None and form.is_blank:
        form.add_error(None, _("Nothing is written yet. Begin with a headline, a text or a photo."))
        return _again(request, article, form, photos, status=400)
    try:
        saved, version = _store(request, article, form, photos, at)
    except StaleSave as stale:
        parking.clear(request.user, tab=window_of(request.POST).tab)
        messages.error(request, f"{stale} " + _("It is revision %(n)d.") % {"n": stale.number})
        return _again(request, article, form, photos, status=409)
    except (ValidationError, Invalid) as error:
        form.add_error(None, error.problems if isinstance(error, Invalid) else error)
        return _again(request, article, form, photos, status=400)
    except Refusal as refusal:
        name, known = request.POST.get("then", ""), form.cleaned_data["version"]
        told = _done_already(request, article.pk, name, known, at) if article else None
        return told or refuse(request, refusal)
    parking.clear(request.user, tab=window_of(request.POST).tab)
    return _after_save(request, saved, version, at)


def _again(
    request: DeskRequest,
    article: Article | None,
    form: forms.ArticleForm,
    photos: Any,
    **status: int,
) -> HttpResponse:
    """Show the form with what was typed, beside the article as it stands now."""
    fresh = find_whole(request, article.pk, timezone.now()) if article else None
    return render_article(request, fresh, form, photos, **status)


def _store(
    request: DeskRequest,
    article: Article | None,
    form: forms.ArticleForm,
    photos: Any,
    at: dt.datetime,
) -> tuple[Article, int]:
    """Write; once more where this form's own other send was first in this very instant.

    It may have made the article, or have been the same click.
    """
    try:
        return _write(request, article, form, photos, at)
    except Conflict:
        window = window_of(request.POST)
        made = article or services.made_by_form(window.tab, request.user)
        send = Save(request.user, at, tab=window.tab, turn=window.turn)
        if made is None or (article and not came_twice(services.head_revision(made), send)):
            raise
        return _write(request, made, form, photos, at)


def _write(
    request: DeskRequest,
    article: Article | None,
    form: forms.ArticleForm,
    photos: Any,
    at: dt.datetime,
) -> tuple[Article, int]:
    """Write through the services; return the article and its version as this person knows it."""
    user, window, base = request.user, window_of(request.POST), form.cleaned_data["version"]
    send = Save(user, at, base, tab=window.tab, turn=window.turn)
    head = services.head_revision(article) if article else None
    if article is not None and head is not None and came_twice(head, send):
        return article, head.base_version
    is_fresh = article is None or (
        article.version == known_version(article, send, head) and rules.can_edit(article, user, at)
    )
    with transaction.atomic():
        rows = forms.save_photos(photos, is_fresh=is_fresh)
        content = form.content(rows)
        if article is None:
            made = services.create_article(
                content, user=user, at=at, form_key=window.tab, turn=window.turn
            )
            return made, made.version
    # Outside the transaction: what is refused as stale is kept all the same.
    revision = services.save_article(
        article, content, user=user, at=at, base_version=base, tab=window.tab, turn=window.turn
    )
    return article, max(revision.base_version, base)


def _after_save(
    request: DeskRequest, article: Article, version: int, at: dt.datetime
) -> HttpResponse:
    """Make the move whose button sent the form, or ask for what it needs; the text is saved."""
    name = request.POST.get("then", "")
    if name in ASKING:
        return redirect("admin:articles_article_move", article.pk, name)
    if name not in CALLS:
        messages.success(request, _("Saved."))
        return redirect(_PAGE, article.pk)
    values = {"note": request.POST.get("note", "")} if name == "pass" else {}
    try:
        make(name, article, user=request.user, at=at, version=version, values=values)
    except Invalid as invalid:
        return _told_what_is_missing(request, article, invalid)
    except Refusal as refusal:
        told = _done_already(request, article.pk, name, version, at)
        return told or refuse(request, refusal, is_saved=True)
    return _after_move(request, article, name, at)


def _told_what_is_missing(request: DeskRequest, article: Article, invalid: Invalid) -> HttpResponse:
    """Show the form again: what is missing stands at its field, anything else above."""
    article.refresh_from_db()
    page = reverse(_PAGE, args=[article.pk])
    missing = {sentence for _field, sentence in rules.missing_in(content_of(article))}
    if missing >= set(invalid.problems):
        return redirect(f"{page}?missing")
    for problem in invalid.problems:
        messages.warning(request, problem)
    messages.info(request, _("Your text is saved."))
    return redirect(page)


def _done_already(
    request: DeskRequest, pk: int, name: str, known: int, at: dt.datetime
) -> HttpResponse | None:
    """Answer the second click on a move with what the first one did; None if it did not."""
    entry = did_already(pk, name, request.user, known)
    if entry is None:
        return None
    time = timezone.localtime(entry.at).strftime("%H:%M")
    move = rules.move_label(name)
    messages.info(
        request,
        _("You have done this already, at %(time)s: %(move)s.") % {"time": time, "move": move},
    )
    return redirect(_PAGE, pk) if _is_seen(request, pk, at) else redirect("admin:index")


def _after_move(request: DeskRequest, article: Article, name: str, at: dt.datetime) -> HttpResponse:
    """Say that it is done and show the article, or the start page where it is gone from view.

    Where it is gone, the message names it: nothing else on the page does.
    """
    done = done_words(name, Article.objects.filter(pk=article.pk).first() or article)
    is_seen = _is_seen(request, article.pk, at)
    is_here = is_seen and not _is_from_queue(request)
    messages.success(request, done if is_here else f"{done} 《{article.title}》")
    if _is_from_queue(request):
        return redirect("admin:queue")
    return redirect(_PAGE, article.pk) if is_seen else redirect("admin:index")


def _is_from_queue(request: DeskRequest) -> bool:
    """Return whether the move was chosen in the queue: there the person goes on."""
    return "queue" in {request.GET.get("from"), request.POST.get("from")}


def _is_seen(request: DeskRequest, pk: int, at: dt.datetime) -> bool:
    return Article.objects.visible_to(actor_of(request.user), at).filter(pk=pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Make a move, after asking for what it needs."""
    at = timezone.now()
    if name not in CALLS:
        raise Http404
    known = number_in(request.POST.get("version", ""), -1)
    told = _done_already(request, pk, name, known, at) if request.method == "POST" else None
    if told is not None:
        return told
    article = find(request, pk, at)
    try:
        rules.require(article, name, request.user, at, known if known >= 0 else None)
    except Refusal as refusal:
        return refuse(request, refusal)
    is_post = request.method == "POST"
    form_class = form_of(name, article)
    form = form_class(request.POST if is_post else None) if form_class else None
    if not is_post or (form is not None and not form.is_valid()):
        return _ask(request, article, name, form, status=400 if is_post else 200)
    return _make(request, article, name, form, at)


def _ask(
    request: DeskRequest, article: Article, name: str, form: Any, *, status: int = 200
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": words(article, name).rstrip("…"),
        "article": article,
        "move": MOVES[name],
        "form": form,
        "version": request.POST.get("version", article.version),
        "is_from_queue": _is_from_queue(request),
    }
    return render(request, "articles/move.html", context, status=status)


def _make(
    request: DeskRequest, article: Article, name: str, form: Any, at: dt.datetime
) -> HttpResponse:
    version = number_in(request.POST.get("version", ""), article.version)
    values = dict(form.cleaned_data) if form else {}
    try:
        make(name, article, user=request.user, at=at, version=version, values=values)
    except Invalid as invalid:
        for problem in invalid.problems:
            messages.error(request, problem)
        return _ask(request, article, name, form, status=400)
    except Refusal as refusal:
        return refuse(request, refusal)
    return _after_move(request, article, name, at)


def revision(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Show one revision as it was saved."""
    at = timezone.now()
    article = find(request, pk, at)
    if not rules.may(article, "history", request.user, at):
        return refuse(request, Forbidden(_("Your role does not allow this on this article.")))
    found = get_object_or_404(article.revisions.select_related("saved_by"), number=number)
    context = {
        **site.each_context(request),
        "title": _("Revision %(n)d") % {"n": number},
        "article": article,
        "revision": found,
        "content": from_json(found.content),
    }
    return render(request, "articles/revision.html", context)


def photo(request: DeskRequest, token: str, version: int, name: str) -> HttpResponse | FileResponse:
    """A rendition of a photo for who finds it in the library."""
    seen = library.visible(actor_of(request.user), timezone.now())
    return _rendition(request, get_object_or_404(seen, token=token, version=version), name)


def photo_of_record(
    request: DeskRequest, pk: int, token: str, version: int, name: str
) -> HttpResponse | FileResponse:
    """A rendition of a photo that a revision of an article names, for who may see its record."""
    at = timezone.now()
    article = find(request, pk, at)
    found = get_object_or_404(Photo, token=token, version=version)
    is_allowed = rules.may(article, "history", request.user, at)
    if not is_allowed or found.pk not in photo_forms.named_in_record(article):
        raise Http404
    return _rendition(request, found, name)


def _rendition(request: DeskRequest, found: Photo, name: str) -> HttpResponse | FileResponse:
    if not NAME.fullmatch(name):
        raise Http404
    # The address names the version: what it shows never changes.
    cache = "private, max-age=86400, immutable"
    path = f"{found.folder}/{name}"
    return serving.answer(request, path, version=path, cache=cache)

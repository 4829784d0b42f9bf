"""Views of the article screen: show, save and make transitions. The rules are in `services`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bylines.models import Contributor
from bylines.models import Role as BylineRole
from bylines.services import own_contributor
from paper.base_admin import DeskRequest
from paper.permissions import Capability, Role, may
from paper.querysets import get_paper

from .. import services
from ..content import content_of
from ..exceptions import Conflict, Forbidden, Invalid, Refusal, StaleSave
from ..forms import article_form, submitted_photos
from ..forms.client_window import window_of
from ..models import Article
from ..selectors.recent_changes import is_duplicate_click
from ..services import permissions, unsaved_forms, validation
from ..services.authorship import UnansweredQuestions
from ..services.revisions import RevisionSave, is_duplicate_save, known_version
from ..workflow.transitions import actor_of
from .form_recovery import recoverable_forms
from .rendering import (
    ARTICLE_SCREEN,
    get_visible_article,
    get_whole_article,
    refuse,
    render_article,
)
from .transition_buttons import (
    SERVICES,
    WITH_FORM,
    make_transition,
)
from .transitions import after_transition, ask, report_duplicate_click


@require_http_methods(["GET", "HEAD", "POST"])
def article_screen(request: DeskRequest, pk: int) -> HttpResponse:
    """Show an article; save it where the user may edit it."""
    at = timezone.now()
    if request.method == "POST":
        article = get_visible_article(request, pk, at)
        try:
            permissions.require(article, "edit", request.user, at)
        except Conflict:
            pass  # the text is stored as a conflict copy below
        except Refusal as refusal:
            return refuse(request, refusal)
        return _save(request, article, at)
    article = get_whole_article(request, pk, at)
    unsaved = recoverable_forms(request, article, at)
    if unsaved is not None:
        return render_article(request, article, *unsaved)
    if not permissions.can_edit(article, request.user, at):
        return render_article(request, article, None, None)
    form = article_form.ArticleForm(instance=article)
    photos: Any = article_form.PhotoFormSet(
        initial=article_form.photo_initial(article), prefix="photos"
    )
    if "missing" in request.GET:
        missing = validation.missing_in(content_of(article))
        form.add_missing(missing)
        photos.add_missing(missing)
    return render_article(request, article, form, photos)


@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: DeskRequest) -> HttpResponse:
    """Show an empty article form; create the article from it."""
    if not may(request.user, Capability.WRITE_ARTICLES):
        return refuse(request, Forbidden(_("Your role cannot write articles.")))
    at = timezone.now()
    if request.method == "POST":
        made = services.article_of_form(window_of(request.POST).window_id, request.user)
        return _save(request, made, at)
    unsaved = recoverable_forms(request, None, at)
    if unsaved is not None:
        return render_article(request, None, *unsaved)
    form = article_form.ArticleForm(initial=_defaults(request))
    return render_article(request, None, form, article_form.PhotoFormSet(prefix="photos"))


def _defaults(request: DeskRequest) -> dict[str, Any]:
    """Return the defaults of a new article: its author's byline, town, unit and section."""
    person = own_contributor(request.user)
    is_staff_writer = person.kind == person.Kind.REPORTER
    role = BylineRole.REPORTER if is_staff_writer else BylineRole.CORRESPONDENT
    return {
        "byline": article_form.credit_text([(person.name, role, "")]),
        "towns": [person.town] if person.town and person.town.is_active else [],
        "unit": person.unit,
        "section": person.section if person.section and person.section.is_active else None,
        "version": 0,
        **_lead(request, person),
    }


def _lead(request: DeskRequest, person: Contributor) -> dict[str, Any]:
    """Return the usual time and place of a correspondent's story: today, in their town."""
    if actor_of(request.user).roles > {Role.CORRESPONDENT}:
        return {}
    today = timezone.localdate()
    return {
        "lead_when": _("%(month)d/%(day)d") % {"month": today.month, "day": today.day},
        "lead_where": person.place,
        "dateline": get_paper().dateline,
    }


def _save(request: DeskRequest, article: Article | None, at: dt.datetime) -> HttpResponse:
    """Save the form; if a transition button submitted it, make the transition afterwards."""
    # A separate instance for the form: a ModelForm writes its input into its instance.
    shown = Article.objects.get(pk=article.pk) if article else None
    sent = submitted_photos.store_files(request.POST, request.FILES, user=request.user, at=at)
    form = article_form.ArticleForm(sent.data, instance=shown, user=request.user)
    if sent.rearrange(request.POST.get("then", "")):
        return _render_again(request, article, form, sent.rows(article, request.user))
    photos = sent.rows(article, request.user)
    photos.ask_for_files()
    if not (form.is_valid() and photos.is_valid() and _names_are_clear(form, photos)):
        return _render_again(request, article, form, photos, status=sent.status)
    if article is None and form.is_blank:
        form.add_error(
            None, _("Nothing has been written yet. Start with a headline, some text or a photo.")
        )
        return _render_again(request, article, form, photos, status=400)
    try:
        saved, version = _store(request, article, form, photos, at)
    except StaleSave as stale:
        unsaved_forms.clear_unsaved_forms(request.user, window_id=window_of(request.POST).window_id)
        messages.error(request, f"{stale} " + _("It is revision %(n)d.") % {"n": stale.number})
        return _render_again(request, article, form, photos, status=409)
    except (ValidationError, Invalid) as error:
        form.add_error(None, error.problems if isinstance(error, Invalid) else error)
        return _render_again(request, article, form, photos, status=400)
    except Refusal as refusal:
        name, known = request.POST.get("then", ""), form.cleaned_data["version"]
        earlier = is_duplicate_click(article.pk, name, request.user, known) if article else None
        return report_duplicate_click(request, earlier, at) if earlier else refuse(request, refusal)
    unsaved_forms.clear_unsaved_forms(request.user, window_id=window_of(request.POST).window_id)
    return _after_save(request, saved, version, at)


def _names_are_clear(form: article_form.ArticleForm, photos: Any) -> bool:
    """Return whether all names are identified; otherwise the forms ask who is meant."""
    form.ask_names()
    photos.ask_names(form.names, {one.doubt.key for one in form.questions})
    return not form.errors and photos.is_valid()


def _render_again(
    request: DeskRequest,
    article: Article | None,
    form: article_form.ArticleForm,
    photos: Any,
    **status: int,
) -> HttpResponse:
    """Show the form with its input again, beside the current article."""
    fresh = get_whole_article(request, article.pk, timezone.now()) if article else None
    return render_article(request, fresh, form, photos, **status)


def _store(
    request: DeskRequest,
    article: Article | None,
    form: article_form.ArticleForm,
    photos: Any,
    at: dt.datetime,
) -> tuple[Article, int]:
    """Save; retry once where another request of the same form was first.

    That request may have created the article, or may be the same click.
    """
    try:
        return _write(request, article, form, photos, at)
    except Conflict:
        window = window_of(request.POST)
        made = article or services.article_of_form(window.window_id, request.user)
        send = RevisionSave(request.user, at, window_id=window.window_id, sequence=window.sequence)
        if made is None or (article and not is_duplicate_save(services.head_revision(made), send)):
            raise
        return _write(request, made, form, photos, at)


def _write(
    request: DeskRequest,
    article: Article | None,
    form: article_form.ArticleForm,
    photos: Any,
    at: dt.datetime,
) -> tuple[Article, int]:
    """Save through the services; return the article and the version that the user knows."""
    user, window, base = request.user, window_of(request.POST), form.cleaned_data["version"]
    send = RevisionSave(user, at, base, window_id=window.window_id, sequence=window.sequence)
    head = services.head_revision(article) if article else None
    if article is not None and head is not None and is_duplicate_save(head, send):
        return article, head.base_version
    is_fresh = article is None or (
        article.version == known_version(article, send, head)
        and permissions.can_edit(article, user, at)
    )
    form.names.begin()
    with transaction.atomic():
        rows = article_form.save_photos(photos, is_fresh=is_fresh)
        content = form.content(rows)
        if article is None:
            made = services.create_article(
                content,
                user=user,
                at=at,
                form_key=window.window_id,
                sequence=window.sequence,
                has_code=form.cleaned_data["has_code"],
            )
            return made, made.version
    # Outside the transaction: a refused stale save is still stored as a conflict copy.
    revision = services.save_article(
        article,
        content,
        user=user,
        at=at,
        base_version=base,
        window_id=window.window_id,
        sequence=window.sequence,
        has_code=form.cleaned_data["has_code"],
    )
    return article, max(revision.base_version, base)


def _after_save(
    request: DeskRequest, article: Article, version: int, at: dt.datetime
) -> HttpResponse:
    """Make the transition whose button submitted the saved form, or ask for its data."""
    name = request.POST.get("then", "")
    if name in WITH_FORM:
        return redirect("admin:articles_article_transition", article.pk, name)
    if name not in SERVICES:
        messages.success(request, _("Saved."))
        return redirect(ARTICLE_SCREEN, article.pk)
    values = {"note": request.POST.get("note", "")} if name == "approve" else {}
    try:
        earlier = make_transition(
            name, article, user=request.user, at=at, version=version, values=values
        )
    except UnansweredQuestions as unanswered:
        messages.info(request, _("Your text is saved."))
        note = article_form.NoteForm(values)
        return ask(request, article, name, note, status=400, version=version, refusal=unanswered)
    except Invalid as invalid:
        return _report_missing(request, article, invalid)
    except Refusal as refusal:
        return refuse(request, refusal, is_saved=True)
    if earlier is not None:
        return report_duplicate_click(request, earlier, at)
    return after_transition(request, article, name, at)


def _report_missing(request: DeskRequest, article: Article, invalid: Invalid) -> HttpResponse:
    """Show the form again, with missing data at its field and anything else at the top."""
    article.refresh_from_db()
    page = reverse(ARTICLE_SCREEN, args=[article.pk])
    missing = {sentence for _field, sentence in validation.missing_in(content_of(article))}
    if missing >= set(invalid.problems):
        return redirect(f"{page}?missing")
    for problem in invalid.problems:
        messages.warning(request, problem)
    messages.info(request, _("Your text is saved."))
    return redirect(page)


def history(request: DeskRequest, pk: int) -> HttpResponse:
    """Redirect the admin's history URL to the record of the article."""
    return redirect(f"{reverse('admin:articles_article_change', args=[pk])}#record")

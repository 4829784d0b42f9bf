"""Views of the page import: text of a page, preview of its stories, import as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles.exceptions import Forbidden, Invalid, Refusal
from articles.forms.namesakes import PREFIX, answers_in, question
from articles.services import ArchiveMark
from articles.views.rendering import refuse
from bylines.services import Doubt, display_name
from paper.base_admin import DeskRequest

from . import forms, services
from .uploads import read_upload


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: DeskRequest) -> HttpResponse:
    """Ask for a page's text, preview its stories, and import the selected ones."""
    if not services.may_import(request.user):
        return refuse(request, Forbidden(_("Only newsroom staff can import pages.")))
    if "bring-in" in request.POST:
        return _bring_in(request)
    form = forms.TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            page = services.read_page(read_upload(form.data_bytes()))
            rows = forms.story_initial(page)
            if len(rows) > forms.MAX_STORIES:
                raise Invalid(
                    [_("There are more stories than one page can hold. Paste a single page.")]
                )
        except Invalid as invalid:
            form.add_error(None, invalid.problems)
        else:
            stories = forms.StoryFormSet(initial=rows, prefix="s")
            file = form.cleaned_data["file"]
            target = forms.TargetForm(
                initial={"file_name": forms.signed_file_name(file.name if file else "")},
                may_print=services.may_print(request.user),
            )
            return _preview(request, stories, target)
    context = {**site.each_context(request), "title": _("Import a page"), "form": form}
    return render(request, "ingest/paste.html", context, status=400 if form.is_bound else 200)


def _preview(
    request: DeskRequest,
    stories: Any,
    target: Any,
    status: int = 200,
    doubts: Sequence[Doubt] = (),
) -> HttpResponse:
    """Show the stories to correct and select, and ask whom the names of `doubts` mean."""
    answers = answers_in(request.POST)
    context = {
        **site.each_context(request),
        "title": _("Stories of the page"),
        "stories": stories,
        "target": target,
        "questions": [question(doubt, answers.get(doubt.key, "")) for doubt in doubts],
        "answers": [(f"{PREFIX}{key}", answer) for key, answer in answers.items() if answer],
    }
    return render(request, "ingest/preview.html", context, status=status)


def _bring_in(request: DeskRequest) -> HttpResponse:
    stories = forms.StoryFormSet(request.POST, prefix="s")
    target = forms.TargetForm(request.POST, may_print=services.may_print(request.user))
    if not (stories.is_valid() and target.is_valid()):
        return _preview(request, stories, target, status=400)
    chosen = [form.candidate() for form in stories if form.cleaned_data.get("take")]
    doubts: Sequence[Doubt] = ()
    try:
        report = _import(request, chosen, target.cleaned_data)
    except services.NamesAsked as asked:
        doubts = asked.doubts
        target.add_error(None, asked.problems)
    except Invalid as invalid:
        target.add_error(None, invalid.problems)
    except Refusal as refusal:
        target.add_error(None, str(refusal))
    else:
        return _report(request, report, target.cleaned_data)
    return _preview(request, stories, target, status=400, doubts=doubts)


def _import(
    request: DeskRequest, chosen: list[services.Candidate], data: dict[str, Any]
) -> services.ImportReport:
    """Import the selected stories, all or none. Raises Invalid, Conflict, Forbidden."""
    if not chosen:
        raise Invalid([_("Nothing is ticked. Tick the stories to import.")])
    at, answers = timezone.now(), answers_in(request.POST)
    if data.get("target") == "printed":
        return services.import_printed(
            chosen,
            date=data["date"],
            page_number=data["page_number"],
            page_name=data["page_name"],
            issue_number=data["issue_number"],
            file=data["file_name"],
            mark=ArchiveMark(display_name(request.user), request.user),
            at=at,
            answers=answers,
        )
    return services.import_drafts(
        chosen, user=request.user, at=at, page=data["page"], answers=answers
    )


def _report(
    request: DeskRequest, report: services.ImportReport, data: dict[str, Any]
) -> HttpResponse:
    """Show what was imported and what was not, and redirect to the articles."""
    made = len(report.made)
    if made:
        text = ngettext("%(n)d story imported.", "%(n)d stories imported.", made)
        messages.success(request, text % {"n": made})
    for title in report.known:
        messages.info(request, _("Already imported, skipped: %(title)s") % {"title": title})
    for note in dict.fromkeys(report.notes):
        messages.warning(request, note)
    if data.get("target") == "printed":
        url = f"/issues/{data['date'].isoformat()}/"
        messages.info(request, format_html('<a href="{}">{}</a>', url, _("View the issue")))
        return redirect("admin:articles_article_changelist")
    return redirect(f"{reverse('admin:articles_article_changelist')}?list=own")

"""The paste screen: a page's text in, a preview of its stories to mend and tick, drafts out."""

from __future__ import annotations

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

from articles.errors import Forbidden, Invalid, Refusal
from articles.screen import refuse
from paper.admin_base import DeskRequest

from . import forms, services
from .errors import read_upload


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: DeskRequest) -> HttpResponse:
    """Ask for a page's text; show its stories; bring in those that are ticked."""
    if not services.may_import(request.user):
        return refuse(request, Forbidden(_("Only the staff brings in pages.")))
    if "bring-in" in request.POST:
        return _bring_in(request)
    form = forms.TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading = services.read_page(read_upload(form.data_bytes()))
            rows = forms.story_initial(reading)
            if len(rows) > forms.MAX_STORIES:
                raise Invalid([_("These are more stories than one page holds. Paste one page.")])
        except Invalid as invalid:
            form.add_error(None, invalid.problems)
        else:
            stories = forms.StoryFormSet(initial=rows, prefix="s")
            target = forms.TargetForm(may_print=services.may_print(request.user))
            return _preview(request, stories, target)
    context = {**site.each_context(request), "title": _("Read a page"), "form": form}
    return render(request, "ingest/paste.html", context, status=400 if form.is_bound else 200)


def _preview(request: DeskRequest, stories: Any, target: Any, status: int = 200) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Stories of the page"),
        "stories": stories,
        "target": target,
    }
    return render(request, "ingest/preview.html", context, status=status)


def _bring_in(request: DeskRequest) -> HttpResponse:
    stories = forms.StoryFormSet(request.POST, prefix="s")
    target = forms.TargetForm(request.POST, may_print=services.may_print(request.user))
    if not (stories.is_valid() and target.is_valid()):
        return _preview(request, stories, target, status=400)
    chosen = [form.candidate() for form in stories if form.cleaned_data.get("take")]
    try:
        report = _import(request, chosen, target.cleaned_data)
    except Invalid as invalid:
        target.add_error(None, invalid.problems)
    except Refusal as refusal:
        target.add_error(None, str(refusal))
    else:
        return _report(request, report, target.cleaned_data)
    return _preview(request, stories, target, status=400)


def _import(
    request: DeskRequest, chosen: list[services.Candidate], data: dict[str, Any]
) -> services.Report:
    """Bring in what is ticked. Raises Invalid, Conflict, Forbidden; nothing is half written."""
    if not chosen:
        raise Invalid([_("Nothing is ticked. Tick the stories to bring in.")])
    at = timezone.now()
    if data.get("target") == "printed":
        return services.import_printed(
            chosen,
            date=data["date"],
            page_number=data["page_number"],
            page_name=data["page_name"],
            issue_number=data["issue_number"],
            user=request.user,
            at=at,
        )
    return services.import_drafts(chosen, user=request.user, at=at, page=data["page"])


def _report(request: DeskRequest, report: services.Report, data: dict[str, Any]) -> HttpResponse:
    """Say what came in and what did not, and go where it is."""
    made = len(report.made)
    if made:
        text = ngettext("%(n)d story brought in.", "%(n)d stories brought in.", made)
        messages.success(request, text % {"n": made})
    for title in report.known:
        messages.info(request, _("Brought in before, not again: %(title)s") % {"title": title})
    for note in dict.fromkeys(report.notes):
        messages.warning(request, note)
    if data.get("target") == "printed":
        url = f"/issues/{data['date'].isoformat()}/"
        messages.info(request, format_html('<a href="{}">{}</a>', url, _("See the issue")))
    return redirect(f"{reverse('admin:articles_article_changelist')}?list=own")

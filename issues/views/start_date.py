"""View on which an administrator changes the paper's start date."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.exceptions import Forbidden, Invalid
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest
from paper.querysets import get_paper

from .. import services


class StartDateForm(forms.Form):
    """The date, and the reason for the change."""

    date = forms.DateField(
        label=gettext_lazy("In use since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start_date(request: DeskRequest) -> HttpResponse:
    """Show and change the date before which issues may be imported as printed."""
    if not services.may_set_start_date(request.user):
        return refuse(request, Forbidden(_("Only an administrator can change the start date.")))
    form = StartDateForm(request.POST or None, initial={"date": get_paper().start_date})
    if request.method == "POST" and form.is_valid():
        try:
            paper = services.set_start_date(
                **form.cleaned_data, user=request.user, at=timezone.now()
            )
        except Invalid as invalid:
            form.add_error("date", invalid.problems)
        else:
            values = {"date": paper.start_date}
            messages.success(request, _("The start date is now %(date)s.") % values)
            return redirect("admin:paper_paper_change", paper.pk)
    context = {**site.each_context(request), "title": _("Start date"), "form": form}
    return render(request, "issues/start_date.html", context, status=400 if form.is_bound else 200)

"""The notices of a person at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import site
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paper.admin_base import DeskRequest

from . import services
from .models import Event, Notice

PER_PAGE = 30


@require_safe
def notice_list(request: DeskRequest) -> HttpResponse:
    """Show what the person was told, newest first."""
    pages = Paginator(Notice.objects.of(request.user), PER_PAGE)
    context = {
        **site.each_context(request),
        "title": _("Notices"),
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "notices/list.html", context)


@require_POST
def read(request: DeskRequest) -> HttpResponse:
    """Mark all as read."""
    services.mark_read(request.user, at=timezone.now())
    return redirect("admin:notices")


@require_POST
def open_notice(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go to what it tells of."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    services.mark_read(request.user, at=timezone.now(), pk=pk)
    return redirect(notice.url or "admin:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: DeskRequest) -> HttpResponse:
    """Show and keep what the person wants to be told, where."""
    if request.method == "POST":
        services.choose(
            request.user,
            {
                event: (
                    f"desk-{event.value}" in request.POST,
                    f"mail-{event.value}" in request.POST,
                )
                for event in Event
            },
        )
        messages.success(request, _("Your choice is kept."))
        return redirect("admin:notice_choices")
    context = {
        **site.each_context(request),
        "title": _("What I am told"),
        "choices": services.choices_of(request.user),
        "has_mail": bool(request.user.email),
    }
    return render(request, "notices/choices.html", context)

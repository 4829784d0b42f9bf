"""Views of a user's notifications at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import site
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paper.base_admin import DeskRequest

from . import mail_worker, services
from .models import Notification, NotificationEvent

PER_PAGE = 30


@require_safe
def notification_list(request: DeskRequest) -> HttpResponse:
    """List the user's notifications, newest first."""
    pages = Paginator(Notification.objects.of(request.user), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": _("Notifications"),
        "page": page,
        "delayed": mail_worker.delayed(page.object_list),
    }
    return render(request, "notifications/list.html", context)


@require_POST
def mark_all_read(request: DeskRequest) -> HttpResponse:
    """Mark all notifications as read."""
    services.mark_read(request.user, at=timezone.now())
    return redirect("admin:notifications")


@require_POST
def open_notification(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark one notification as read and redirect to its subject."""
    notification = get_object_or_404(Notification.objects.of(request.user), pk=pk)
    services.mark_read(request.user, at=timezone.now(), pk=pk)
    return redirect(notification.url or "admin:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: DeskRequest) -> HttpResponse:
    """Show and save where the user wants to be notified of each event."""
    if request.method == "POST":
        services.choose(
            request.user,
            {
                event: (
                    f"desk-{event.value}" in request.POST,
                    f"mail-{event.value}" in request.POST,
                )
                for event in NotificationEvent
            },
        )
        messages.success(request, _("Your notification settings are saved."))
        return redirect("admin:notification_choices")
    context = {
        **site.each_context(request),
        "title": _("Notification settings"),
        "choices": services.choices_of(request.user),
        "has_mail": bool(request.user.email),
    }
    return render(request, "notifications/choices.html", context)

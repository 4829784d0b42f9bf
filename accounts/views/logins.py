"""Views by which administrators manage logins: invite, new link, deactivate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bylines.services import display_name
from paper.base_admin import DeskRequest
from paper.querysets import get_paper

from .. import emails, permissions, services
from ..forms import InviteForm

#: Service and success message of each button.
ACTIONS: dict[str, tuple[Callable[..., None], Promise]] = {
    "deactivate": (services.deactivate, gettext_lazy("Deactivated. All sessions have ended.")),
    "reactivate": (services.reactivate, gettext_lazy("Reactivated.")),
    "revoke": (services.revoke_links, gettext_lazy("The link has been revoked.")),
    "remove-factor": (
        services.remove_factor,
        gettext_lazy("Two-step verification has been removed."),
    ),
    "end-sessions": (services.end_all_sessions, gettext_lazy("All sessions have ended.")),
}


STATUSES: dict[str, Promise] = {
    "active": gettext_lazy("active"),
    "invited": gettext_lazy("invited"),
    "deactivated": gettext_lazy("deactivated"),
}


def login_status(user: User) -> Promise:
    """Return the status of a login: active, invited or deactivated."""
    if user.is_active:
        return STATUSES["active"]
    return STATUSES["deactivated" if user.has_usable_password() else "invited"]


def login_status_of(user: User, at: dt.datetime) -> dict[str, Any]:
    """Return the context that the login's form shows beside its fields."""
    link = user.links.filter(used_at=None, revoked_at=None, expires_at__gt=at).first()
    return {
        "login": user,
        "standing": login_status(user),
        "is_invited": not user.has_usable_password(),
        "open_link": link,
        "login_has_factor": Authenticator.objects.filter(user=user).exists(),
        "session_count": UserSession.objects.filter(user=user).count(),
        "events": user.events.select_related("by")[:20],
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="invite")
def invite(request: DeskRequest) -> HttpResponse:
    """Invite a user: create a login, and show the link that activates it."""
    if not permissions.may_manage_logins(request.user):
        raise PermissionDenied
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, token = services.invite(form.person(), by=request.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _show_link(request, user, token)
    context = {**site.each_context(request), "title": _("Invite somebody"), "form": form}
    return render(request, "accounts/invite.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handle_action(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Run the action of a button on a login; a deactivation asks for confirmation first."""
    if not permissions.may_manage_logins(request.user):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return _ask(request, user) if name == "deactivate" else HttpResponseNotAllowed(["POST"])
    at = timezone.now()
    try:
        if name == "link":
            return _show_link(request, user, services.new_link(user, by=request.user, at=at))
        if name not in ACTIONS:
            raise Http404
        call, done = ACTIONS[name]
        call(user, by=request.user, at=at)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, str(done))
    return redirect("admin:auth_user_change", user.pk)


def _ask(request: DeskRequest, user: User) -> HttpResponse:
    title = _("Deactivate %(name)s?") % {"name": display_name(user)}
    context = {**site.each_context(request), "title": title, "login": user}
    return render(request, "accounts/deactivate.html", context)


def _show_link(request: DeskRequest, user: User, token: str) -> HttpResponse:
    """Show the link, once, and send it by e-mail if the login has an address."""
    path = reverse("accounts_link", args=[token])
    # The view uses the administrator's host; an e-mail, the one in the settings.
    start = settings.DESK_ADDRESS or f"{request.scheme}://{request.get_host()}"
    context = {
        **site.each_context(request),
        "title": _("The link"),
        "login": user,
        "link": start + path,
        "days": services.LINK_DAYS,
        "is_mailed": bool(user.email) and _mail(user, emails.own_address() + path, request.user),
    }
    return render(request, "accounts/link_made.html", context)


def _mail(user: User, url: str, by: User) -> bool:
    """Send the link by e-mail; return whether the mail server accepted it."""
    paper = get_paper().name
    text = _(
        "Hello! %(by)s has created this link to the desk of %(paper)s for you. Open it to "
        "choose your password. The link works once, within %(days)d days:"
    ) % {"by": display_name(by), "paper": paper, "days": services.LINK_DAYS}
    name = _("Your user name: %(username)s") % {"username": user.username}
    subject = " ".join((_("Your login at %(paper)s") % {"paper": paper}).split())
    return emails.send(EmailMessage(subject, f"{text}\n\n{url}\n\n{name}\n", to=[user.email]))

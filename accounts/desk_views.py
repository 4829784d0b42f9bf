"""Logins at the administrator's hands: invite, new link, deactivate. Thin: `services` write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
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
from paper.admin_base import DeskRequest
from paper.querysets import the_paper

from . import letters, rules, services
from .forms import InviteForm

#: What a button does, and what is said when it is done.
ACTS: dict[str, tuple[Callable[..., None], Promise]] = {
    "deactivate": (services.deactivate, gettext_lazy("Deactivated. All sessions have ended.")),
    "reactivate": (services.reactivate, gettext_lazy("Reactivated.")),
    "revoke": (services.revoke_links, gettext_lazy("The link works no more.")),
    "remove-factor": (services.remove_factor, gettext_lazy("The second factor is removed.")),
    "end-sessions": (services.end_all_sessions, gettext_lazy("All sessions have ended.")),
}


STANDINGS: dict[str, Promise] = {
    "active": gettext_lazy("active"),
    "invited": gettext_lazy("invited"),
    "deactivated": gettext_lazy("deactivated"),
}


def standing(user: User) -> Promise:
    """Return in a word whether the person of a login is in, invited or out."""
    if user.is_active:
        return STANDINGS["active"]
    return STANDINGS["deactivated" if user.has_usable_password() else "invited"]


def standing_of(user: User, at: dt.datetime) -> dict[str, Any]:
    """Return what the screen of a login shows beside its form."""
    link = user.links.filter(used_at=None, revoked_at=None, expires_at__gt=at).first()
    return {
        "login": user,
        "standing": standing(user),
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
    """Invite a person: a login that nobody can use yet, and the link that opens it."""
    if not rules.keeps_logins(request.user):
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
def act(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Do to a login what a button says; what shuts its person out is asked on a page first."""
    if not rules.keeps_logins(request.user):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return _ask(request, user) if name == "deactivate" else HttpResponseNotAllowed(["POST"])
    at = timezone.now()
    try:
        if name == "link":
            return _show_link(request, user, services.new_link(user, by=request.user, at=at))
        if name not in ACTS:
            raise Http404
        call, done = ACTS[name]
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
    """Show the link, this once, and mail it to who has an address."""
    url = letters.address_of(request, reverse("accounts_link", args=[token]))
    context = {
        **site.each_context(request),
        "title": _("The link"),
        "login": user,
        "link": url,
        "days": services.LINK_DAYS,
        "is_mailed": bool(user.email) and _mail(user, url, request.user),
    }
    return render(request, "accounts/link_made.html", context)


def _mail(user: User, url: str, by: User) -> bool:
    """Mail the link, saying whose it is and who made it; return whether the mail server took it."""
    paper = the_paper().name
    text = _(
        "Hello! %(by)s has made this link to the desk of %(paper)s for you. Choose your password "
        "there; the link works once, for %(days)d days:"
    ) % {"by": display_name(by), "paper": paper, "days": services.LINK_DAYS}
    name = _("Your user name: %(username)s") % {"username": user.username}
    subject = " ".join((_("Your login at %(paper)s") % {"paper": paper}).split())
    return letters.send(EmailMessage(subject, f"{text}\n\n{url}\n\n{name}\n", to=[user.email]))

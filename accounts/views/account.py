"""Views of the user's own login: log in, choose a password, second factor, sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paper.base_admin import DeskRequest
from paper.permissions import roles_of

from .. import services, session_length
from ..allauth_internals import end_other_sessions, perform_login
from ..emails import ADDRESS_SALT, ask_confirmation
from ..forms import AddressForm, LinkForm
from ..login_attempts import forgive
from ..models import Link
from ..permissions import needs_second_factor, require_free_address
from ..user_agent import device_name

#: Number of days for which the link to confirm a new address is valid.
ADDRESS_DAYS = 3


class DeskLogin(LoginView):
    """Login view, which redirects users who are logged in and have a role."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form, or redirect."""
        if request.method == "GET" and roles_of(request.user):
            return redirect(self.get_success_url() or "admin:index")
        return super().dispatch(request, *args, **kwargs)


login = DeskLogin.as_view()


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Let the user of a link choose a password, and log them in."""
    at = timezone.now()
    found = services.find_link(token, at=at)
    if found is None:
        return render(request, "accounts/link_gone.html", {"title": _("Invalid link")}, status=404)
    form = LinkForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept(found, form.cleaned_data["new_password1"], at=at)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if request.user.is_authenticated:
                # Another user, or the same one with an older password, is logged in here.
                logout(request)
            forgive(user)
            session_length.choose_long(request.session, False)
            messages.success(request, _("Welcome! Your password is set."))
            response: HttpResponse = perform_login(request, user)
            return response
    context = {
        "title": _("Welcome") if found.kind == Link.Kind.INVITE else _("Choose a new password"),
        "person": found.user,
        "form": form,
    }
    return render(request, "accounts/link.html", context, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="manage_email")
def address(request: DeskRequest) -> HttpResponse:
    """Change the user's e-mail address once they open the link sent to the new one."""
    form = AddressForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            require_free_address(email, request.user)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            return _take_address(request, email)
    context = {
        **site.each_context(request),
        "title": _("My e-mail address"),
        "form": form,
        "button": _("Send confirmation e-mail"),
    }
    return render(request, "accounts/form.html", context, status=400 if form.errors else 200)


def _take_address(request: DeskRequest, email: str) -> HttpResponse:
    if not email:
        services.change_address(request.user, "", at=timezone.now())
        messages.success(request, _("Your login no longer has an e-mail address."))
        return redirect("accounts_mine")
    language = get_language() or settings.LANGUAGE_CODE
    ask_confirmation(request.user, email, language, at=timezone.now())
    message = _(
        "A confirmation e-mail is on its way to %(email)s. Open the link in it to confirm the "
        "address."
    )
    messages.success(request, message % {"email": email})
    return redirect("accounts_mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: DeskRequest, token: str) -> HttpResponse:
    """Set the e-mail address that the link confirms."""
    try:
        pk, was, email = signing.loads(token, salt=ADDRESS_SALT, max_age=ADDRESS_DAYS * 86_400)
        if (pk, was) != (request.user.pk, request.user.email):
            raise signing.BadSignature
        require_free_address(email, request.user)
    except (signing.BadSignature, ValidationError):
        return render(request, "accounts/link_gone.html", {"title": _("Invalid link")}, status=404)
    if request.method == "POST":
        services.change_address(request.user, email, at=timezone.now())
        messages.success(request, _("Your e-mail address has been changed."))
        return redirect("accounts_mine")
    context = {
        **site.each_context(request),
        "title": _("My e-mail address"),
        "intro": email,
        "button": _("Confirm the address"),
    }
    return render(request, "accounts/form.html", context)


def closed(request: HttpRequest) -> HttpResponse:
    """Return 404 for URLs that the library names and this desk does not use."""
    raise Http404


@require_safe
def account(request: DeskRequest) -> HttpResponse:
    """Show the user's own login: name, password, second factor, sessions."""
    factors = {a.type: a.wrap() for a in Authenticator.objects.filter(user=request.user)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        **site.each_context(request),
        "title": _("My login"),
        "has_factor": Authenticator.Type.TOTP in factors,
        "must_have_factor": needs_second_factor(request.user),
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "sessions": _sessions(request),
    }
    return render(request, "accounts/account.html", context)


def _sessions(request: DeskRequest) -> list[dict[str, Any]]:
    # A new password gives this session a new key.
    UserSession.objects.create_from_request(request)
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    return [
        {"row": row, "device": device_name(row.user_agent), "is_this": row.is_current()}
        for row in rows
    ]


@require_POST
def end_session(request: DeskRequest, pk: int) -> HttpResponse:
    """End one session of the user."""
    if not services.end_session(request.user, pk):
        raise Http404
    messages.success(request, _("The session has ended."))
    return redirect("accounts_mine")


@require_POST
def end_others(request: DeskRequest) -> HttpResponse:
    """End all other sessions of the user."""
    end_other_sessions(request, request.user)
    messages.success(request, _("All other sessions have ended."))
    return redirect("accounts_mine")

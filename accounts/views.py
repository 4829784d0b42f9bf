"""A person and his own login: get in, choose a password, second factor, sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paper.admin_base import DeskRequest
from paper.querysets import the_paper
from paper.roles import roles_of

from . import services
from .devices import device_words
from .forms import AddressForm, LinkForm
from .letters import address_of, send_apart
from .models import Link
from .rules import needs_second_factor, require_free_address

#: How long the letter to a new address is good.
ADDRESS_DAYS = 3
_ADDRESS = "accounts.address"


class DeskLogin(LoginView):
    """The login; who is in already and has a role goes on at once."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with the form, or lead on."""
        if request.method == "GET" and roles_of(request.user):
            return redirect(self.get_success_url() or "admin:index")
        return super().dispatch(request, *args, **kwargs)


login = DeskLogin.as_view()


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="link")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person of a link choose a password, and let him in."""
    at = timezone.now()
    found = services.find_link(token, at=at)
    if found is None:
        return render(request, "accounts/link_gone.html", {"title": _("No such link")}, status=404)
    form = LinkForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept(found, form.cleaned_data["new_password1"], at=at)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if request.user.is_authenticated:
                # Somebody else, or the same person with an older password, sat here.
                logout(request)
            get_adapter().lift_lock(user)
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
    """Let the person change his e-mail address: it is his when he opens the letter sent there."""
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
        "button": _("Send the letter"),
    }
    return render(request, "accounts/form.html", context, status=400 if form.errors else 200)


def _take_address(request: DeskRequest, email: str) -> HttpResponse:
    if not email:
        services.change_address(request.user, "", at=timezone.now())
        messages.success(request, _("Your login has no e-mail address any more."))
        return redirect("accounts_mine")
    fact = [request.user.pk, request.user.email, email]
    path = reverse("accounts_confirm", args=[signing.dumps(fact, salt=_ADDRESS)])
    paper = the_paper().name
    text = _("Is this your address for the desk of %(paper)s? Then open this, logged in:")
    words = f"{text % {'paper': paper}}\n\n{address_of(request, path)}\n"
    subject = _("Your e-mail address at %(paper)s") % {"paper": paper}
    send_apart(EmailMessage(subject, words, to=[email]))
    said = _("A letter is on its way to %(email)s. Open the link in it: then the address is yours.")
    messages.success(request, said % {"email": email})
    return redirect("accounts_mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: DeskRequest, token: str) -> HttpResponse:
    """Give the person the address at which he got the letter."""
    try:
        pk, was, email = signing.loads(token, salt=_ADDRESS, max_age=ADDRESS_DAYS * 86_400)
        if (pk, was) != (request.user.pk, request.user.email):
            raise signing.BadSignature
        require_free_address(email, request.user)
    except (signing.BadSignature, ValidationError):
        return render(request, "accounts/link_gone.html", {"title": _("No such link")}, status=404)
    if request.method == "POST":
        services.change_address(request.user, email, at=timezone.now())
        messages.success(request, _("Your e-mail address is changed."))
        return redirect("accounts_mine")
    context = {
        **site.each_context(request),
        "title": _("My e-mail address"),
        "intro": email,
        "button": _("This is my address"),
    }
    return render(request, "accounts/form.html", context)


def closed(request: HttpRequest) -> HttpResponse:
    """Answer for addresses that the library names and this desk does not have."""
    raise Http404


@require_safe
def account(request: DeskRequest) -> HttpResponse:
    """Show the person his own login: name, password, second factor, sessions."""
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
    # A new password has given this session a new key.
    UserSession.objects.create_from_request(request)
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    return [
        {"row": row, "device": device_words(row.user_agent), "is_this": row.is_current()}
        for row in rows
    ]


@require_POST
def end_session(request: DeskRequest, pk: int) -> HttpResponse:
    """End one session of the person's own."""
    if not services.end_session(request.user, pk):
        raise Http404
    messages.success(request, _("That session is ended."))
    return redirect("accounts_mine")


@require_POST
def end_others(request: DeskRequest) -> HttpResponse:
    """End all sessions of the person but this one."""
    end_other_sessions(request, request.user)
    messages.success(request, _("All other sessions are ended."))
    return redirect("accounts_mine")

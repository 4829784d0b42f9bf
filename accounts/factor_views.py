"""A new phone: the library sets a second factor up or drops it, and changes none."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from . import services


class NewPhone(ActivateTOTPView):
    """Scan with the new phone and type its first code: only then the old one is useless."""

    template_name = "accounts/new_phone.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with the form where there is a factor to change."""
        if not Authenticator.objects.filter(
            user=request.user.pk, type=Authenticator.Type.TOTP
        ).exists():
            return redirect("mfa_activate_totp")
        # Past the library's own, which refuses a second set-up.
        return FormView.dispatch(self, request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Put the new secret in the place of the old; a lost phone is logged out, too."""
        services.renew_factor(form.user, form.secret, at=timezone.now())
        clear_totp_secret(self.request)
        end_other_sessions(self.request, form.user)
        messages.success(self.request, _("From now on the code of the new phone counts."))
        return redirect("accounts_mine")


new_phone = reauthentication_required(app="allauth.mfa")(NewPhone.as_view())

"""View that moves a second factor to a new phone, which the login library lacks."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from .. import services
from ..allauth_internals import clear_totp_secret, end_other_sessions


class NewPhone(ActivateTOTPView):
    """Replace the second factor once the user enters the first code of the new phone."""

    template_name = "accounts/new_phone.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form if there is a factor to replace."""
        if not Authenticator.objects.filter(
            user=request.user.pk, type=Authenticator.Type.TOTP
        ).exists():
            return redirect("mfa_activate_totp")
        # Skip the library's dispatch, which refuses a second set-up.
        return FormView.dispatch(self, request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the new secret, and end the user's other sessions."""
        services.renew_factor(form.user, form.secret, at=timezone.now())
        clear_totp_secret(self.request)
        end_other_sessions(self.request, form.user)
        messages.success(self.request, _("Done. From now on, use the codes from your new phone."))
        return redirect("accounts_mine")


new_phone = reauthentication_required(app="allauth.mfa")(NewPhone.as_view())

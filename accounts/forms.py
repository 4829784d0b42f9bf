"""Forms of logins: log in, invite, choose a password, enter a code of the second factor."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bylines.models import Contributor
from bylines.services import named, namesakes, same_name_message, tidy_name
from paper.form_fields import RowsField
from paper.models import Section, Town
from paper.permissions import Role, roles_of
from paper.querysets import sections_in_use, towns_in_use

from . import emails, services, session_length, throttle
from .allauth_internals import context, normalize_user_code
from .login_attempts import forgive, own_attempt
from .permissions import plain_name, require_free_address, require_free_name, require_place
from .services import Person

#: Seconds for which a used code is stored, longer than its validity.
CODE_SECONDS = 300
#: Maximum length of what is read as a code, with everything around it.
MAX_CODE = 100
#: Maximum length of an e-mail address.
LONGEST_LOGIN = 254
_TOO_LONG = gettext_lazy("A user name can have at most %(limit_value)d characters.")
#: Added at the login form only: elsewhere a new password would not help.
_OR_RESET = gettext_lazy(
    "To avoid the wait, set a new password with “Forgot your password?” below or a link from "
    "your administrator."
)


class DeskLoginForm(LoginForm):
    """Login form, which requires an active login with a role."""

    fields: dict[str, Any]
    stay = forms.BooleanField(
        label=gettext_lazy("Stay logged in on this device for 30 days"),
        required=False,
        help_text=gettext_lazy(
            "For correspondents and reporters on their own devices. All other sessions end "
            "after 12 hours without activity."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = _("User name or e-mail")
        name.widget.attrs |= {
            "autofocus": True,
            "autocapitalize": "none",
            "autocomplete": "username",
            "spellcheck": "false",
        }
        name.widget.attrs.pop("placeholder", None)
        # SQLite's comparison fails for a name of some ten thousand characters.
        name.widget.attrs["maxlength"] = LONGEST_LOGIN
        name.validators.append(MaxLengthValidator(LONGEST_LOGIN, _TOO_LONG))
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        # One name for the field in every login form and password manager.
        others = {field: self.fields[field] for field in ("password", "stay")}
        self.fields = {"username": name, **others}

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError for wrong credentials, an inactive login, or one without a role."""
        self.cleaned_data["login"] = plain_name(self.cleaned_data.get("username", ""))
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            if error.code == "too_soon":
                raise ValidationError([*error.messages, str(_OR_RESET)]) from error
            raise
        # `user` is set only if the password was right: nobody else learns the login's status.
        if self.user is not None and not self.user.is_active:
            raise ValidationError(
                _("This login is deactivated. Contact your administrator."), code="inactive"
            )
        if self.user is not None and not roles_of(self.user):
            raise ValidationError(
                _("This login has no role yet. Ask your administrator to assign one."),
                code="no_role",
            )
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        """Log in, and store whether the user wants a long session."""
        session_length.choose_long(request.session, self.cleaned_data["stay"])
        return super().login(request, redirect_url=redirect_url)


def plain_code(typed: str) -> str:
    """Return a code in the form that the app shows: its digits alone, half-width.

    Phones add digits of other widths and scripts, blanks, invisible marks, and words around the
    code (验证码：１２３ ４５６。). All codes, including recovery codes, consist of digits.
    """
    plain = unicodedata.normalize("NFKC", typed[:MAX_CODE])
    return "".join(str(unicodedata.decimal(sign)) for sign in plain if sign.isdecimal())


class _OnceMixin:
    """Mixin that accepts a code once, even while it is still valid, in any notation."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain_code(self.cleaned_data["code"])
        code: str = super().clean_code()  # type: ignore[misc]
        plain = normalize_user_code(code)
        if not cache.add(f"newsroom:code:{self.user.pk}:{plain}", True, CODE_SECONDS):
            raise ValidationError(
                _("The code is wrong or has already been used. Wait for the next one.")
            )
        return code


def _plain(field: forms.Field) -> None:
    field.label = _("Code")
    field.widget.attrs |= {"inputmode": "text", "autofocus": True, "spellcheck": "false"}
    field.widget.attrs.pop("placeholder", None)


class _ThrottledMixin(_OnceMixin):
    """Mixin that throttles wrong codes."""

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError if it is wrong or comes too soon."""
        request, at = context.request, timezone.now()
        attempt = own_attempt(throttle.CODE, request, self.user, at)
        if seconds := throttle.begin(attempt, at=at):
            raise get_adapter().too_soon(seconds)
        code = super().clean_code()
        throttle.succeed(attempt, at=at)
        return code


class CodeForm(_ThrottledMixin, AuthenticateForm):
    """Form of the code in the second step of a login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])


class CodeAgainForm(_ThrottledMixin, ReauthenticateForm):
    """Form that asks for a code again before a sensitive action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])


class FirstCodeForm(_OnceMixin, ActivateTOTPForm):
    """Form of the first code, which proves that the authenticator app has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class LinkForm(SetPasswordForm):
    """Form of the password that a user chooses through a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Enter it again")


class LetterForm(ResetPasswordKeyForm):
    """Form of the password that a user chooses through a link in an e-mail."""

    def save(self) -> None:
        """Set the password, and drop the counts of failed logins."""
        services.reset_by_letter(self.user, self.cleaned_data["password1"], at=timezone.now())
        forgive(self.user)


class ForgottenForm(ResetPasswordForm):
    """Form of an e-mail address that needs a new password.

    It does not check whether a login has the address: the response is the same for all addresses.
    """

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Enqueue the request as a job of the outbox."""
        email: str = self.cleaned_data["email"]
        emails.request_reset(email, get_language() or settings.LANGUAGE_CODE, at=timezone.now())
        return email


class AddressForm(forms.Form):
    """Form of a user's new e-mail address, confirmed with the password."""

    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        required=False,
        help_text=gettext_lazy("Leave empty to use no address and receive no e-mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        """Reject a wrong password; failures count like failed logins."""
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        return password


class InviteForm(forms.Form):
    """Form that invites a user."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        help_text=gettext_lazy("Letters and digits, easy to type on a phone."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    last_name = forms.CharField(label=gettext_lazy("Family name"), max_length=150)
    first_name = forms.CharField(label=gettext_lazy("Given name"), max_length=150, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Optional: you can also send the link by messenger."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    sections = RowsField(
        Section.objects.none(),
        label=gettext_lazy("An editor's sections"),
        required=False,
    )
    contributor = forms.ModelChoiceField(
        Contributor.objects.none(),
        label=gettext_lazy("Appears in bylines as"),
        required=False,
        empty_label=gettext_lazy("a new contributor"),
    )
    is_namesake = forms.BooleanField(
        label=gettext_lazy("A different person from the contributors with the same name"),
        required=False,
    )
    town = forms.ModelChoiceField(
        Town.objects.none(),
        label=gettext_lazy("Town"),
        required=False,
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("For a new contributor: filled in automatically in new articles."),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For a new contributor: for example a school or an office."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].queryset = sections_in_use()  # type: ignore[attr-defined]
        free = Contributor.objects.filter(user=None, is_active=True)
        chosen: Any = self.fields["contributor"]
        chosen.queryset = free.unmerged().select_related("town")
        chosen.label_from_instance = named
        self.fields["town"].queryset = towns_in_use()  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """Reject a name that another login has, ignoring case."""
        name = plain_name(self.cleaned_data["username"])
        require_free_name(name)
        User.username_validator(name)
        return name

    def clean_email(self) -> str:
        """Reject the e-mail address of another login."""
        email: str = self.cleaned_data["email"].lower()
        require_free_address(email)
        return email

    def clean(self) -> dict[str, Any]:
        """Reject a town or unit beside an existing contributor, who has their own."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("contributor") and (cleaned.get("town") or cleaned.get("unit")):
            self.add_error(
                "contributor",
                _(
                    "This contributor already has a town and unit. Leave these fields empty; "
                    "change them on the contributor's page."
                ),
            )
        self._ask_namesake(cleaned)
        self._ask_place(cleaned)
        return cleaned

    def _ask_place(self, cleaned: dict[str, Any]) -> None:
        """Require a town or unit for an office."""
        chosen = cleaned.get("contributor")
        has_place = bool(chosen.place if chosen else cleaned.get("town") or cleaned.get("unit"))
        try:
            require_place(cleaned.get("roles", []), has_place)
        except ValidationError as error:
            self.add_error("town", error)

    def _ask_namesake(self, cleaned: dict[str, Any]) -> None:
        """Report contributors of the same name, unless one is chosen or the user has answered."""
        name = tidy_name(f"{cleaned.get('last_name', '')} {cleaned.get('first_name', '')}")
        if not name or cleaned.get("contributor") or cleaned.get("is_namesake"):
            return
        others = namesakes(name)
        if others:
            self.add_error("contributor", same_name_message(others))

    def person(self) -> Person:
        """Return the data of the invited person."""
        return Person(**self.cleaned_data)

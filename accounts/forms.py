"""The forms of logins: log in, invite, choose a password, the code of the second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ResetPasswordKeyForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bylines.models import Contributor
from paper.fields import RowsField
from paper.models import Section, Town
from paper.querysets import sections_in_use, towns_in_order
from paper.roles import Role, roles_of

from . import services
from .rules import plain_name, require_free_address, require_free_name
from .services import Person

#: Seconds in which a code stays used: longer than any clock lets it work.
CODE_SECONDS = 300


#: As long as an e-mail address may be.
LONGEST_LOGIN = 254
_TOO_LONG = gettext_lazy("A user name has at most %(limit_value)d characters.")
#: Said at the login alone: elsewhere a new password would not help.
_LOCKED = gettext_lazy(
    "Too many failed logins. Try again in five minutes; or set a new password by “Password "
    "forgotten?” below or a link from your administrator, and log in at once."
)


class DeskLoginForm(LoginForm):
    """The login: whoever has a role gets in."""

    fields: dict[str, Any]

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
        # SQLite's own comparison breaks at a name of some ten thousand characters.
        name.widget.attrs["maxlength"] = LONGEST_LOGIN
        name.validators.append(MaxLengthValidator(LONGEST_LOGIN, _TOO_LONG))
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        # One name for the field in every login form and password manager.
        self.fields = {"username": name, "password": self.fields["password"]}

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError for a wrong pair, and for who is out or has no role here."""
        self.cleaned_data["login"] = plain_name(self.cleaned_data.get("username", ""))
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise ValidationError(_LOCKED, code=error.code) from error
            raise
        # `user` is there where the password was right: only its person learns how it stands.
        if self.user is not None and not self.user.is_active:
            raise ValidationError(
                _("This login is deactivated. Ask your administrator."), code="inactive"
            )
        if self.user is not None and not roles_of(self.user):
            raise ValidationError(
                _("This login has no role yet. Ask your administrator for one."), code="no_role"
            )
        return cleaned


class _OnceMixin:
    """A code works once, also while the clock would let it work again."""

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        plain = normalize_user_code(code)
        if not cache.add(f"newsroom:code:{self.user.pk}:{plain}", True, CODE_SECONDS):
            raise ValidationError(
                _("The code is wrong or was used already. Wait for the next one.")
            )
        return code


def _plain(field: forms.Field) -> None:
    field.label = _("Code")
    field.widget.attrs |= {"inputmode": "text", "autofocus": True, "spellcheck": "false"}
    field.widget.attrs.pop("placeholder", None)


class CodeForm(_OnceMixin, AuthenticateForm):
    """The second step of a login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])


class CodeAgainForm(_OnceMixin, ReauthenticateForm):
    """The code asked for again, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])


class FirstCodeForm(_OnceMixin, ActivateTOTPForm):
    """The first code, which shows that the app on the phone has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"])
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class LinkForm(SetPasswordForm):
    """The password that the person of a link chooses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Once more")


class LetterForm(ResetPasswordKeyForm):
    """The password that is chosen by the link in a letter."""

    def save(self) -> None:
        """Set it, and forget the failed logins that made it needed."""
        services.reset_by_letter(self.user, self.cleaned_data["password1"], at=timezone.now())
        get_adapter().lift_lock(self.user)


class AddressForm(forms.Form):
    """A person's new e-mail address; his password shows that it is he."""

    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        required=False,
        help_text=gettext_lazy("Empty: no address, and no letters."),
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
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        """Refuse a wrong password; failures count like failed logins."""
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        return password


class InviteForm(forms.Form):
    """Who is invited."""

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
        help_text=gettext_lazy("May be empty: the link can be sent by any messenger."),
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
        label=gettext_lazy("Stands in the byline as"),
        required=False,
        empty_label=gettext_lazy("a new contributor"),
    )
    town = forms.ModelChoiceField(
        Town.objects.none(),
        label=gettext_lazy("Town"),
        required=False,
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("For a new contributor: stands in his articles from the start."),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For a new contributor, such as a school or an office."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].queryset = sections_in_use()  # type: ignore[attr-defined]
        free = Contributor.objects.filter(user=None, is_active=True)
        self.fields["contributor"].queryset = free  # type: ignore[attr-defined]
        self.fields["town"].queryset = towns_in_order()  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """Refuse a name that somebody has, whatever its capitals."""
        name = plain_name(self.cleaned_data["username"])
        require_free_name(name)
        User.username_validator(name)
        return name

    def clean_email(self) -> str:
        """Refuse an address that opens another login."""
        email: str = self.cleaned_data["email"].lower()
        require_free_address(email)
        return email

    def clean(self) -> dict[str, Any]:
        """Refuse a town or unit beside a contributor who has his own."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("contributor") and (cleaned.get("town") or cleaned.get("unit")):
            self.add_error(
                "contributor",
                _(
                    "This contributor has a town and unit of his own: leave them empty here, and "
                    "change them on his page."
                ),
            )
        return cleaned

    def person(self) -> Person:
        """Return who is invited."""
        return Person(**self.cleaned_data)

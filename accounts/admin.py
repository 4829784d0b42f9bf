"""Admin of logins, which invites, changes and deactivates them through services."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from bylines.models import Contributor
from bylines.services import contributor_for, named, own_contributor, tidy_name
from paper.base_admin import RoleAdmin
from paper.form_fields import RowsField
from paper.models import Section
from paper.permissions import Role
from paper.querysets import sections_in_use

from . import permissions, services
from .views import logins


class LoginForm(forms.ModelForm):
    """Form of a login's names and roles; the admin sets `by`, the user who changes it."""

    by: User
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    sections = RowsField(
        Section.objects.none(),
        label=_("An editor's sections"),
        required=False,
    )

    contributor = forms.ModelChoiceField(
        Contributor.objects.none(),
        label=_("Appears in bylines as"),
        help_text=_(
            "If the wrong person was linked, choose another contributor with the same name."
        ),
        required=False,
        empty_label=None,
    )

    class Meta:
        model = User
        fields = ["username", "last_name", "first_name", "email"]
        # The same labels as in the invitation form.
        labels = {
            "last_name": _("Family name"),
            "first_name": _("Given name"),
            "email": _("E-mail"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].queryset = sections_in_use()  # type: ignore[attr-defined]
        self.fields["username"].help_text = ""
        if self.instance.pk:
            own = contributor_for(self.instance) if self.is_bound else None
            self._offer_contributors(own or own_contributor(self.instance))
            self.initial["roles"] = [g.name for g in self.instance.groups.all()]
            self.initial["sections"] = self.instance.sections.all()

    def _offer_contributors(self, own: Contributor) -> None:
        """Offer the login's contributor, and those of the same name without a login."""
        free = Contributor.objects.named(own.name).filter(user=None, merged_into=None)
        field: Any = self.fields["contributor"]
        field.queryset = Contributor.objects.filter(Q(pk=own.pk) | Q(pk__in=free.values("pk")))
        field.label_from_instance = named
        field.disabled = self.instance.pk == self.by.pk
        self.initial["contributor"] = own.pk

    def clean_username(self) -> str:
        """Reject a name that another login has, ignoring case."""
        name = permissions.plain_name(self.cleaned_data["username"])
        permissions.require_free_name(name, self.instance)
        return name

    def clean_email(self) -> str:
        """Reject the e-mail address of another login."""
        email = str(self.cleaned_data["email"]).lower()
        permissions.require_free_address(email, self.instance)
        return email

    def clean_roles(self) -> list[str]:
        """Report the service's rules for roles at the field."""
        roles: list[str] = self.cleaned_data["roles"]
        permissions.require_roles(self.instance, roles, self.by)
        return roles

    def clean(self) -> dict[str, Any]:
        """Reject the office role for a login whose contributor has no town and no unit."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        byline = cleaned.get("contributor") or own_contributor(self.instance)
        try:
            permissions.require_place(cleaned.get("roles", []), bool(byline.place))
        except ValidationError as error:
            self.add_error("roles", error)
        return cleaned


#: Django's names of the model, translated here to match the navigation.
DJANGOS_NAMES = (_("user"), _("users"))
#: Django's password rules, translated here to match the desk's form of address.
DJANGOS_RULES = (
    _("Your password can’t be too similar to your other personal information."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
)


class LoginStatusFilter(admin.SimpleListFilter):
    """Filter of logins by status: active, invited, deactivated."""

    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the three statuses."""
        return [(name, logins.STATUSES[name]) for name in logins.STATUSES]

    def queryset(self, request: Any, queryset: QuerySet[User]) -> QuerySet[User]:
        """Return the logins with the chosen status."""
        has_none = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        if self.value() == "active":
            return queryset.filter(is_active=True)
        if self.value() == "invited":
            return queryset.filter(has_none, is_active=False)
        if self.value() == "deactivated":
            return queryset.exclude(has_none).filter(is_active=False)
        return queryset


@admin.register(User)
class LoginAdmin(RoleAdmin):
    """Admin of logins; a login is deactivated, never deleted, because it has signed."""

    form = LoginForm
    list_title = _("Logins")
    change_form_template = "accounts/login_change.html"
    list_display = ["username", "full_name", "role_names", "standing", "factor", "last_login"]
    list_filter = [LoginStatusFilter]
    ordering = ["contributor__sort_key", "username"]
    search_fields = ["username", "last_name", "first_name"]
    fieldsets = [
        (None, {"fields": ["username"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "email"]}),
        (_("At the paper"), {"fields": ["roles", "sections", "contributor"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Return the logins with their roles and `has_factor`."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows.annotate(has_factor=Exists(factors))

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the buttons."""
        view = self.admin_site.admin_view(logins.handle_action)
        return [path("<int:pk>/do/<str:name>/", view, name="accounts_act"), *super().get_urls()]

    def add_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the invitation form: nobody types another user's password."""
        return logins.invite(request)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form class with the user who changes the login."""
        form_class = super().get_form(request, obj, change, **kwargs)
        return type("LoginForm", (form_class,), {"by": request.user})

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """Save through the service."""
        person = services.Person(**form.cleaned_data)
        services.change_person(obj, person, by=request.user, at=timezone.now())

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Show the login's status beside the form."""
        user = kwargs.get("obj")
        if user is not None:
            context |= logins.login_status_of(user, timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """Redirect to the login, which shows its events; Django's history is empty."""
        return redirect("admin:auth_user_change", object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: logins are never deleted."""
        return False

    @admin.display(description=_("name"), ordering="contributor__sort_key")
    def full_name(self, user: User) -> str:
        """Show the name in Chinese order."""
        return tidy_name(f"{user.last_name} {user.first_name}")

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """Show the roles."""
        names = [group.name for group in user.groups.all()]
        return "、".join(str(role.label) for role in Role if role.value in names)

    @admin.display(description=_("state"))
    def standing(self, user: User) -> str:
        """Show the status of the login."""
        return str(logins.login_status(user))

    @admin.display(description=_("two-step verification"))
    def factor(self, user: Any) -> str:
        """Show whether a second factor is set up, or missing although required."""
        if user.has_factor:
            return gettext("set up")
        roles = {group.name for group in user.groups.all()}
        return gettext("missing") if user.is_active and permissions.asks_factor_of(roles) else ""

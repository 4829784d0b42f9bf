"""Logins at the desk: invited, changed and shut out by the administrator, through services."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from paper.admin_base import RoleAdmin
from paper.fields import RowsField
from paper.models import Section
from paper.querysets import sections_in_use
from paper.roles import Role

from . import desk_views, rules, services


class LoginForm(forms.ModelForm):
    """A login's names and roles; who changes it is put on the class by the admin."""

    by: User
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    sections = RowsField(
        Section.objects.none(),
        label=_("An editor's sections"),
        required=False,
    )

    class Meta:
        model = User
        fields = ["username", "last_name", "first_name", "email"]
        # Named as where the person was invited.
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
            self.initial["roles"] = [g.name for g in self.instance.groups.all()]
            self.initial["sections"] = self.instance.sections.all()

    def clean_username(self) -> str:
        """Refuse a name that another has, whatever its capitals."""
        name = rules.plain_name(self.cleaned_data["username"])
        rules.require_free_name(name, self.instance)
        return name

    def clean_email(self) -> str:
        """Refuse an address that opens another login."""
        email = str(self.cleaned_data["email"]).lower()
        rules.require_free_address(email, self.instance)
        return email

    def clean_roles(self) -> list[str]:
        """Refuse what the service would refuse, beside the field."""
        roles: list[str] = self.cleaned_data["roles"]
        rules.require_roles(self.instance, roles, self.by)
        return roles


#: What Django calls the model, in titles and messages: translated here, it is called what the
#: navigation calls it.
DJANGOS_NAMES = (_("user"), _("users"))
#: Django's rules for a password: translated here, they address the person as the desk does.
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


class StandingFilter(admin.SimpleListFilter):
    """Who is in, who has not come yet, who is shut out."""

    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the three states."""
        return [(name, desk_views.STANDINGS[name]) for name in desk_views.STANDINGS]

    def queryset(self, request: Any, queryset: QuerySet[User]) -> QuerySet[User]:
        """Return the logins that stand so."""
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
    """Who logs in, with which roles. A login is switched off, never deleted: it has signed."""

    form = LoginForm
    list_title = _("Logins")
    change_form_template = "accounts/login_change.html"
    list_display = ["username", "full_name", "role_names", "standing", "factor", "last_login"]
    list_filter = [StandingFilter]
    search_fields = ["username", "last_name", "first_name"]
    fieldsets = [
        (None, {"fields": ["username"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "email"]}),
        (_("At the paper"), {"fields": ["roles", "sections"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch the roles and whether there is a second factor with the logins."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows.annotate(has_factor=Exists(factors))

    def get_urls(self) -> list[URLPattern]:
        """Add what is done to a login by a button."""
        act = self.admin_site.admin_view(desk_views.act)
        return [path("<int:pk>/do/<str:name>/", act, name="accounts_act"), *super().get_urls()]

    def add_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite: nobody types another's password."""
        return desk_views.invite(request)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Tell the form who changes the login."""
        made = super().get_form(request, obj, change, **kwargs)
        return type("LoginForm", (made,), {"by": request.user})

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """Save through the service."""
        person = services.Person(**form.cleaned_data)
        services.change_person(obj, person, by=request.user, at=timezone.now())

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Show how the login stands beside its form."""
        user = kwargs.get("obj")
        if user is not None:
            context |= desk_views.standing_of(user, timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """Lead to the login: its own record stands there, the stock one would be empty."""
        return redirect("admin:auth_user_change", object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted."""
        return False

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """Show the name in Chinese order."""
        return f"{user.last_name}{user.first_name}"

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """Show the roles."""
        names = [group.name for group in user.groups.all()]
        return "、".join(str(role.label) for role in Role if role.value in names)

    @admin.display(description=_("state"))
    def standing(self, user: User) -> str:
        """Show whether the person is in."""
        return str(desk_views.standing(user))

    @admin.display(description=_("second factor"))
    def factor(self, user: Any) -> str:
        """Show whether a second factor is set up, or missing where the paper asks for one."""
        if user.has_factor:
            return gettext("set up")
        roles = {group.name for group in user.groups.all()}
        return gettext("missing") if user.is_active and rules.asks_factor_of(roles) else ""

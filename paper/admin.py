"""The paper's settings at the desk."""

from typing import Any
from urllib.parse import unquote

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from . import services
from .admin_base import RoleAdmin
from .fields import RowsField
from .models import OldAddress, Paper, Section, Town
from .roles import Role


@admin.register(Paper)
class PaperAdmin(RoleAdmin):
    """The one row of the paper's name, numbers and house rules."""

    list_display = ["name", "readings", "release_time", "cutoff_time"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is one paper."""
        return super().has_add_permission(request) and not Paper.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The paper is never deleted."""
        return False


class AddressedAdmin(RoleAdmin):
    """What has a public page: where its address changes, the old one leads to the new."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and keep the address under which readers know it."""
        super().save_model(request, obj, form, change)
        new = obj.get_absolute_url()
        old = type(obj)(slug=form.initial["slug"]).get_absolute_url() if change else new
        services.move_address(old, new, at=timezone.now())


class PeopleField(RowsField):
    """People by name, as boxes to tick."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in Chinese order, with the login's."""
        return f"{obj.last_name}{obj.first_name} ({obj.username})"


@admin.register(Section)
class SectionAdmin(AddressedAdmin):
    """Sections, their editors and their number of readings."""

    viewers = frozenset(set(Role) - {Role.CORRESPONDENT})
    list_display = ["name", "slug", "readings", "order", "is_active"]
    exclude = ["paper"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer those who are editors, as boxes to tick."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "editors" and field is not None:
            editors = User.objects.filter(groups__name=Role.EDITOR, is_active=True)
            return PeopleField(editors, required=False, label=field.label)
        return field


@admin.register(Town)
class TownAdmin(AddressedAdmin):
    """Towns."""

    viewers = frozenset(set(Role) - {Role.CORRESPONDENT})
    list_display = ["name", "short_name", "slug", "order"]
    search_fields = ["name"]


class OldAddressForm(forms.ModelForm):
    """An old address and where it leads, as they stand in a browser's line or in plain letters."""

    def clean_old(self) -> str:
        """Return the address in plain letters."""
        return unquote(self.cleaned_data["old"])

    def clean_new(self) -> str:
        """Return the address in plain letters."""
        return unquote(self.cleaned_data["new"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                services.end_of(self.instance)
            except ValidationError as error:
                self.add_error("new", error)


@admin.register(OldAddress)
class OldAddressAdmin(RoleAdmin):
    """Addresses of the former website, and those that have changed here."""

    form = OldAddressForm
    list_display = ["old", "new", "at"]
    search_fields = ["old", "new"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the address, led to its end."""
        services.enter_address(obj, at=timezone.now())

"""Admin of the paper's settings, sections, towns and old addresses."""

from typing import Any
from urllib.parse import unquote

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from . import services
from .base_admin import RoleAdmin
from .display_names import shown_names
from .form_fields import PeopleField
from .models import OldAddress, Paper, Section, Town
from .permissions import CAPABILITIES, Capability, Role


class PaperAdmin(RoleAdmin):
    """Admin of the one row with the paper's settings; registered by the desk."""

    list_display = ["name", "reviews", "release_time", "cutoff_time"]
    readonly_fields = ["start"]

    @admin.display(description=_("in use since"))
    def start(self, paper: Paper) -> str:
        """Return the start date, with a link to the form that changes it."""
        if paper.pk is None or paper._state.adding:
            return timezone.localdate().isoformat()
        return format_html(
            '{} <a href="{}">{}</a>',
            paper.start_date.isoformat(),
            reverse("admin:paper_start_date"),
            _("Change"),
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False once the one paper exists."""
        return super().has_add_permission(request) and not Paper.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the paper is never deleted."""
        return False


class AddressedAdmin(RoleAdmin):
    """Admin of a model with a public URL: when its slug changes, the old URL redirects."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the object, and store a redirect from its old URL."""
        super().save_model(request, obj, form, change)
        new = obj.get_absolute_url()
        old = type(obj)(slug=form.initial["slug"]).get_absolute_url() if change else new
        services.move_address(old, new, at=timezone.now())


class SectionAdmin(AddressedAdmin):
    """Admin of sections, their editors and number of reviews; registered by the desk."""

    viewers = CAPABILITIES[Capability.SEE_REFERENCE_DATA]
    list_display = ["name", "slug", "reviews", "order", "is_active"]
    exclude = ["paper"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the editors by name to users who cannot change them; Django shows user names."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return ["editor_names" if field == "editors" else field for field in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return the field that replaces the editors for users who cannot change them."""
        return [] if self.has_change_permission(request, obj) else ["editor_names"]

    @admin.display(description=_("editors"))
    def editor_names(self, section: Section) -> str:
        """Return the names of the section's editors."""
        return "、".join(shown_names(section.editors.order_by("pk")).values())

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the users with the role of editor as check boxes."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "editors" and field is not None:
            editors = User.objects.filter(groups__name=Role.EDITOR, is_active=True)
            return PeopleField(editors, required=False, label=field.label)
        return field


class TownAdmin(AddressedAdmin):
    """Admin of towns; registered by the desk."""

    viewers = CAPABILITIES[Capability.SEE_REFERENCE_DATA]
    list_display = ["sorted_name", "short_name", "slug", "order", "is_active"]
    search_fields = ["name"]

    @admin.display(description=_("name"), ordering="sort_key")
    def sorted_name(self, town: Town) -> str:
        """Show the name; its column sorts by pinyin."""
        return town.name


class OldAddressForm(forms.ModelForm):
    """Form of an old address and its target; both may be percent-encoded."""

    def clean_old(self) -> str:
        """Return the address without percent-encoding."""
        return unquote(self.cleaned_data["old"])

    def clean_new(self) -> str:
        """Return the address without percent-encoding."""
        return unquote(self.cleaned_data["new"])

    def clean(self) -> dict[str, Any]:
        """Reject an address that redirects to itself."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            row = OldAddress(pk=self.instance.pk, old=cleaned["old"], new=cleaned["new"])
            try:
                services.end_of(row)
            except ValidationError as error:
                self.add_error("new", error)
        return cleaned


@admin.register(OldAddress)
class OldAddressAdmin(RoleAdmin):
    """Admin of the addresses of a former website and of changed addresses."""

    form = OldAddressForm
    list_display = ["old", "new", "at"]
    search_fields = ["old", "new"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the address with its final target."""
        services.enter_address(obj, at=timezone.now())

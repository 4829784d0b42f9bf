"""The base of reference data at the desk: who sees and changes it follows from the role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest
from django.utils.text import capfirst

from .roles import Role, roles_of


class DeskRequest(HttpRequest):
    """A request behind the desk's login, as our middleware has made it."""

    user: User
    csp_nonce: str


class FilteredAdmin(admin.ModelAdmin):
    """A list that is filtered by nothing but what it offers: no address asks for other columns."""

    #: What the list is called, where it is not the name of its model.
    list_title: Any = ""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list, headed by what is in it."""
        title = self.list_title or capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Tell whether an address may filter by `lookup`, such as "is_active__exact"."""
        offered = {getattr(by, "parameter_name", by) for by in self.list_filter}
        is_offered = lookup.partition("__")[0] in offered
        return is_offered and super().lookup_allowed(lookup, value, request)


class ListAdmin(FilteredAdmin):
    """A list at the desk; its rows change on screens of their own, through services alone."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell whether the model shows in the person's desk at all."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No stock form changes a row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No stock form or action deletes a row."""
        return False


class RoleAdmin(FilteredAdmin):
    """A model that `viewers` see and `changers` add, change and delete."""

    changers: frozenset[Role] = frozenset({Role.ADMINISTRATOR})
    viewers: frozenset[Role] = frozenset()
    actions = None
    #: The browser's own fields: they speak its language and suit a phone.
    formfield_overrides = {
        models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Leave out the small windows that add and change what a field points to."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save the form; where another was first with a name, the form says so."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (IntegrityError, ValidationError):
            # It was free when the form was checked. Checked again, the field tells of it.
            return super().changeform_view(request, *args, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell whether the model shows in the person's desk at all."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person may look."""
        return bool(roles_of(request.user) & (self.viewers | self.changers))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person may add."""
        return bool(roles_of(request.user) & self.changers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person may change."""
        return bool(roles_of(request.user) & self.changers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person may delete."""
        return bool(roles_of(request.user) & self.changers)

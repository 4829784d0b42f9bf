"""Base classes of the desk's admin, with permissions that follow from the role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst

from .form_fields import refuse_private_characters
from .models import Paper
from .permissions import CAPABILITIES, Capability, Role, roles_of

#: Upper limit of a count; beyond it a list shows "more than".
COUNT_CAP = 1000
#: Values of an empty column.
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class DeskRequest(HttpRequest):
    """Request of an authenticated user, with the attributes that our middleware sets."""

    user: User
    csp_nonce: str
    #: The paper, where a view has read it with other rows: the shell does not ask again.
    paper: Paper


class FilteredAdmin(admin.ModelAdmin):
    """Admin whose URLs can filter a list only by the filters that it offers."""

    #: Title of the list, if it is not the model's plural name.
    list_title: Any = ""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list under its title."""
        title = self.list_title or capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Return whether a URL may filter by `lookup`, such as "is_active__exact"."""
        offered = {getattr(by, "parameter_name", by) for by in self.list_filter}
        is_offered = lookup.partition("__")[0] in offered
        return is_offered and super().lookup_allowed(lookup, value, request)


class ListAdmin(FilteredAdmin):
    """Admin of a list whose rows change only on separate views, through services."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user's desk shows the model."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the admin's form changes no row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: no form or action of the admin deletes a row."""
        return False


class RoleAdmin(FilteredAdmin):
    """Admin of a model that `viewers` see and `changers` add, change and delete."""

    changers: frozenset[Role] = CAPABILITIES[Capability.MANAGE_SETTINGS]
    viewers: frozenset[Role] = frozenset()
    actions = None
    #: Native inputs of the browser, which use its language and suit a phone.
    formfield_overrides = {
        models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Refuse unknown characters; remove the pop-ups that add and change related objects."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField):
            field.validators.append(refuse_private_characters)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save the form; report a name that another user has just taken."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (IntegrityError, ValidationError):
            # The name was free at validation. A second validation reports it at the field.
            return super().changeform_view(request, *args, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user's desk shows the model."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may view the object."""
        return bool(roles_of(request.user) & (self.viewers | self.changers))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may add objects."""
        return bool(roles_of(request.user) & self.changers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change the object."""
        return bool(roles_of(request.user) & self.changers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may delete the object."""
        return bool(roles_of(request.user) & self.changers)


class CappedPaginator(Paginator):
    """Paginator that counts up to `COUNT_CAP` rows; users reach older rows by filtering."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `COUNT_CAP`."""
        return min(self._found, COUNT_CAP)

    @property
    def is_capped(self) -> bool:
        """Return whether there are more rows than the paginator counts."""
        return self._found > COUNT_CAP

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: COUNT_CAP + 1].count())


class ReadOnlyAdmin(ListAdmin):
    """Read-only admin that shows all fields of a row; hidden rows return 404.

    A subclass defines the rows that a user sees (`visible_rows`), the `fields` to show, and links
    to the places that use a row (`links_of`).
    """

    change_form_template = "desk/record.html"
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    #: Newest first, by the primary key.
    ordering = ["-id"]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of `rows` that the user may see."""
        raise NotImplementedError

    def links_of(self, request: DeskRequest, row: Any) -> list[tuple[str, str]]:
        """Return (label, URL) of the places that use `row`."""
        return []

    def title_of(self, row: Any) -> str:
        """Return the heading for `row`."""
        return str(row)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields to show, without empty columns."""
        columns = {column.name for column in self.opts.concrete_fields}
        empty = {name for name in columns if getattr(obj, name, None) in _EMPTY}
        return [name for name in self.fields or () if name not in empty]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may see, in lists, details, histories and choices."""
        return self.visible_rows(request, super().get_queryset(request))  # type: ignore[arg-type]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show every field as text."""
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: rows are not added here."""
        return False

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Show the links beside the title."""
        row = kwargs["obj"]
        context |= {
            "links": self.links_of(request, row),
            "list_title": self.list_title,
            "record_title": self.title_of(row),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may see any row; `visible_rows` selects them."""
        return bool(roles_of(request.user))

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> Any:
        # Django redirects to the index with a message; a hidden row must return 404.
        raise Http404

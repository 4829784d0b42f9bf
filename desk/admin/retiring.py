"""Admin base class for reference data that is retired instead of deleted once it is used."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.exceptions import Refusal
from articles.services import references
from paper import services as paper_services
from paper.base_admin import RoleAdmin


class RetiringAdmin(RoleAdmin):
    """Admin that deletes unused rows only; used rows are taken out of use."""

    def get_urls(self) -> list[URLPattern]:
        """Add the URL that takes a row out of use."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_retire"
        view = self.admin_site.admin_view(self.retire_view)
        return [path("<path:object_id>/retire/", view, name=name), *super().get_urls()]

    def _found(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        return row

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Confirm and delete; for a used row, list its uses and offer to take it out of use."""
        row = self._found(request, object_id)
        uses = references.uses_of(row)
        if not uses and request.method == "POST":
            try:
                references.delete_unused(row, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            except Refusal as refusal:
                messages.error(request, str(refusal))
                uses = references.uses_of(row)
            else:
                message = _("“%(name)s” is deleted.") % {"name": str(row)}
                messages.success(request, message)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self._ask(request, row, uses)

    def _ask(self, request: HttpRequest, row: Any, uses: Any) -> HttpResponse:
        template = "desk/in_use.html" if uses else "admin/delete_confirmation.html"
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "object": row,
            "opts": self.opts,
            "uses": uses,
            "words": references.in_use_message(row),
        }
        status = 409 if uses and request.method == "POST" else 200
        return TemplateResponse(request, template, context, status=status)

    @method_decorator(require_POST)
    def retire_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a row out of use."""
        row = self._found(request, object_id)
        try:
            self.set_in_use(row, False, by=request.user, at=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            message = _("“%(name)s” is out of use. Tick “in use” to bring it back.")
            messages.success(request, message % {"name": str(row)})
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(reverse(name, args=[row.pk]))

    def set_in_use(self, row: Any, is_active: bool, *, by: Any, at: dt.datetime) -> None:
        """Take a row out of use or back."""
        paper_services.set_in_use(row, is_active, by=by, at=at)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return the changed fields with old and new values, for the admin log."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return "；".join(
            f"{form.fields[name].label}: {_shown(form.initial.get(name))} → "
            f"{_shown(form.cleaned_data.get(name))}"
            for name in form.changed_data
        )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return "、".join(str(one) for one in value) or "—"
    return str(value) if value not in {None, ""} else "—"

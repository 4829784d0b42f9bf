"""Admin of contributors: list with namesakes, form, merging and separating."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import Byline
from bylines import services
from bylines.models import Contributor
from paper.display_names import shown_names
from paper.models import Section, Town
from paper.permissions import CAPABILITIES, Capability, may
from press.models import StoryContributor
from textkit.numbers import parse_number

from .retiring import RetiringAdmin

_CHANGE = "admin:bylines_contributor_change"
#: Maximum number of offered targets of a merge.
_OFFERED = 20


class ContributorForm(forms.ModelForm):
    """Form of a contributor, which asks for confirmation of a name that exists already."""

    is_namesake = forms.BooleanField(
        label=gettext_lazy("A different person from the contributors with the same name"),
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Contributor
        fields = ["name", "kind", "town", "unit", "section", "phone", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance
        offered: dict[str, tuple[Any, int | None]] = {
            "town": (Town, chosen.town_id),
            "section": (Section, chosen.section_id),
        }
        for name, (model, pk) in offered.items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = model.objects.filter(Q(is_active=True) | Q(pk=pk))

    def clean(self) -> dict[str, Any]:
        """Report an existing name, and an unavailable retirement."""
        data: dict[str, Any] = super().clean() or {}
        name = data.get("name", "")
        is_new = services.name_key(name) != self.instance.name_key
        if "name" in self.fields and name and is_new and not data.get("is_namesake"):
            others = services.namesakes(name, self.instance)
            if others:
                self.fields["is_namesake"].widget = forms.CheckboxInput()
                self.add_error("name", services.same_name_message(others))
        if self.instance.pk and self.instance.is_active and not data.get("is_active"):
            try:
                services.require_may_retire(self.instance)
            except ValidationError as refused:
                self.add_error("is_active", refused)
        return data


class InUseFilter(admin.SimpleListFilter):
    """Filter of contributors by state: in use, out of use, merged."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the states."""
        return [
            ("in-use", _("in use")),
            ("retired", _("out of use")),
            ("merged", _("merged into another one")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return contributors in the chosen state; without one, those that are not merged."""
        if self.value() == "merged":
            return queryset.exclude(merged_into=None)
        rows = queryset.filter(merged_into=None)
        known = {"in-use": True, "retired": False}
        value = self.value() or ""
        return rows.filter(is_active=known[value]) if value in known else rows


class SameNameFilter(admin.SimpleListFilter):
    """Filter of contributors that have a namesake."""

    title = gettext_lazy("same name")
    parameter_name = "same"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the one choice."""
        return [("yes", _("with namesakes"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return contributors that have a namesake."""
        return queryset.filter(has_namesake=True) if self.value() == "yes" else queryset


@admin.register(Contributor)
class ContributorAdmin(RetiringAdmin):
    """Admin of contributors; editors add them, heads and administrators maintain the list."""

    form = ContributorForm
    changers = CAPABILITIES[Capability.EDIT_CONTRIBUTORS]
    viewers = CAPABILITIES[Capability.SEE_CONTRIBUTORS]
    change_form_template = "desk/contributor_change.html"
    list_display = ["sorted_name", "kind", "town", "unit", "person", "is_active", "same_name"]
    list_filter = [InUseFilter, SameNameFilter, "kind", "town"]
    list_select_related = ["town", "user", "merged_into__town"]
    search_fields = ["name", "unit", "other_names__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contributor]:
        """Return the contributors annotated with `has_namesake`."""
        rows: Any = super().get_queryset(request)
        return rows.with_same_name()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the phone only to users who may change the contributor."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [field for field in fields if field not in {"phone", "is_namesake"}]

    @admin.display(description=gettext_lazy("name"), ordering="sort_key")
    def sorted_name(self, contributor: Contributor) -> str:
        """Show the name; its column sorts by pinyin."""
        return contributor.name

    @admin.display(description=gettext_lazy("login"), ordering="user__last_name")
    def person(self, contributor: Contributor) -> str:
        """Show the display name of the login."""
        user = contributor.user
        return shown_names([user])[user.pk] if user else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return name and town for users who may not merge contributors."""
        may_merge = may(request.user, Capability.MERGE_CONTRIBUTORS)
        return [] if obj is None or may_merge else ["name", "town"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may merge contributors; only unused ones are deleted."""
        return may(request.user, Capability.MERGE_CONTRIBUTORS)

    def save_model(self, request: Any, obj: Contributor, form: Any, change: bool) -> None:
        """Save through the service, which logs the change."""
        is_namesake = bool(form.cleaned_data.get("is_namesake"))
        services.save_contributor(obj, by=request.user, at=timezone.now(), is_namesake=is_namesake)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """Do nothing: the service logs the change."""

    def set_in_use(self, row: Any, is_active: bool, *, by: Any, at: dt.datetime) -> None:
        """Take a contributor out of use, or bring it back."""
        services.set_in_use(row, is_active, by=by, at=at)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add namesakes, merged contributors and former names to the context."""
        person = kwargs.get("obj")
        if person is not None:
            context |= {
                "person": person,
                "owner": self.person(person),
                "namesakes": services.namesakes(person.name, person),
                "merged": list(person.merged.select_related("town")),
                "former_names": [row.name for row in person.other_names.all()],
                "may_merge": services.may_merge(request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs for merging and separating."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", wrap(self.merge_view), name="contributor_merge"),
            path("<int:pk>/separate/", wrap(self.separate_view), name="contributor_separate"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the target of a merge, preview the result, and merge."""
        source = self._person(request, pk)
        asked = request.POST if request.method == "POST" else request.GET
        target = Contributor.objects.filter(pk=parse_number(asked.get("into", ""), 0)).first()
        error = ""
        if request.method == "POST" and target is not None:
            try:
                services.merge_contributors(
                    source,
                    target,
                    by=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                )
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                values = {"source": services.named(source), "target": services.named(target)}
                done = _("%(source)s is merged into %(target)s.") % values
                messages.success(request, done)
                return redirect(_CHANGE, target.pk)
        return self._ask_merge(request, source, target, error)

    def _ask_merge(
        self, request: HttpRequest, source: Contributor, target: Contributor | None, error: str
    ) -> HttpResponse:
        query = request.GET.get("q", "").strip()[: services.LONGEST_NAME]
        others = Contributor.objects.unmerged().exclude(pk=source.pk).select_related("town", "user")
        named = others.filter(name__icontains=query) if query else others.known_as(source.name)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge: %(name)s") % {"name": services.named(source)},
            "opts": self.opts,
            "source": source,
            "target": target,
            "offered": [(one, _counted(one)) for one in named[:_OFFERED]],
            "q": query,
            "error": error,
            "counts": _counted(source),
        }
        return render(request, "desk/merge.html", context, status=409 if error else 200)

    @method_decorator(require_POST)
    def separate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo the merge of a contributor."""
        source = self._person(request, pk)
        try:
            services.unmerge_contributor(source, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("It is a separate contributor again."))
        return redirect(_CHANGE, pk)

    def _person(self, request: HttpRequest, pk: int) -> Contributor:
        if not services.may_merge(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        person = Contributor.objects.select_related("merged_into", "town").filter(pk=pk).first()
        if person is None:
            raise Http404
        return person

    @admin.display(description=gettext_lazy("same name"))
    def same_name(self, person: Any) -> str:
        """Show whether there is a namesake, or the target of the merge."""
        if person.merged_into is not None:
            return _("→ %(name)s") % {"name": services.named(person.merged_into)}
        return _("has a namesake") if person.has_namesake else ""


def _counted(person: Contributor) -> dict[str, int]:
    """Return the numbers of articles and stories that a contributor signs."""
    numbers = Contributor.objects.counting_for(person.pk).order_by().values("pk")
    articles = Byline.objects.filter(contributor__in=numbers).values("article")
    stories = StoryContributor.objects.filter(contributor__in=numbers).values("story")
    return {
        "articles": articles.distinct().count(),
        "stories": stories.distinct().count(),
    }

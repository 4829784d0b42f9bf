"""Admin of tags: usage, renaming, merging and separating."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from taggit.models import Tag

from articles.exceptions import Invalid, Refusal
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.services import tags
from articles.workflow.transitions import actor_of
from paper.base_admin import CappedPaginator, DeskRequest, RoleAdmin
from paper.permissions import CAPABILITIES, Capability
from press.tags import by_pinyin
from textkit.characters import clean_line
from textkit.numbers import parse_number
from textkit.tag_names import tag_key

from .record_fields import links

_CHANGE = "admin:taggit_tag_change"
#: Maximum number of offered targets of a merge.
_OFFERED = 20


def _articles(request: Any) -> ArticleQuerySet:
    return Article.objects.visible_to(actor_of(request.user), timezone.now())


class TagForm(forms.ModelForm):
    """Form of a tag's name, which rejects the name of another tag."""

    class Meta:
        model = Tag
        fields = ["name"]

    def clean_name(self) -> str:
        """Return the normalised name. Raises ValidationError if it is invalid or taken."""
        try:
            name = tags.checked_name(self.cleaned_data["name"])
            tags.require_free_name(self.instance, name)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return name

    def validate_unique(self) -> None:
        """Do nothing: `clean_name` validates, and allows a former name of this tag."""


class TagChangeList(ChangeList):
    """List of tags, each with its number of visible articles and of stories."""

    def get_results(self, request: HttpRequest) -> None:
        """Add the counts for the rows of the current view, in two queries."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        usage = tags.usage_of([row.pk for row in rows], _articles(request))
        for row in rows:
            row.n_articles, row.n_stories = usage[row.pk]
        self.result_list = rows


class FormerNameFilter(admin.SimpleListFilter):
    """Filter of tags and their former names."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the only choice besides all tags."""
        return [("former", _("former names"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return the former names; without a choice, the tags."""
        return queryset.filter(alias__isnull=self.value() != "former")


@admin.register(Tag)
class TagAdmin(RoleAdmin):
    """Admin of tags, for desk heads, the chief editor and administrators."""

    form = TagForm
    changers = CAPABILITIES[Capability.MANAGE_TAGS]
    change_form_template = "desk/tag_change.html"
    list_title = gettext_lazy("Tags")
    list_display = ["sorted_name", "article_count", "story_count", "leads_to"]
    list_filter = [FormerNameFilter]
    list_select_related = ["alias__target"]
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    search_fields = ["key__key", "aliases__tag__key__key"]
    ordering = [F("key__sort_key").asc(nulls_last=True), "name"]
    fields = ["name"]

    @admin.display(description=gettext_lazy("name"), ordering="key__sort_key")
    def sorted_name(self, tag: Tag) -> str:
        """Show the name; its column sorts by pinyin."""
        return tag.name

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the tags that the user may see."""
        rows = tags.tags_for(actor_of(request.user), _articles(request))
        return rows.select_related("alias__target")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Search in any case and width."""
        return super().get_search_results(request, queryset, tag_key(search_term))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list class that counts usage."""
        return TagChangeList

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: articles create new tags."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may rename the tag; a former name cannot be renamed."""
        return super().has_change_permission(request, obj) and not hasattr(obj, "alias")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: signed articles refer to tags."""
        return False

    def save_model(self, request: Any, obj: Tag, form: Any, change: bool) -> None:
        """Rename through the service, which logs it."""
        tags.rename_tag(Tag.objects.get(pk=obj.pk), obj.name, user=request.user, at=timezone.now())

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """Do nothing: the service logs the change."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save the form; report a conflict with another change."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:taggit_tag_changelist")

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add usage and former names of the tag to the context."""
        tag = kwargs["obj"]
        alias = getattr(tag, "alias", None)
        context |= {
            "target": alias.target if alias else None,
            "former": by_pinyin(Tag.objects.filter(alias__target=tag)),
            "counts": tags.usage_of([tag.pk], _articles(request))[tag.pk],
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> Any:
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs for merging and separating."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", wrap(self.merge_view), name="tag_merge"),
            path("<int:pk>/separate/", wrap(self.separate_view), name="tag_separate"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def merge_view(self, request: DeskRequest, pk: int) -> HttpResponse:
        """Choose the target of a merge, preview the result, and merge."""
        source = self._found(request, pk)
        asked = request.POST if request.method == "POST" else request.GET
        known = self.get_queryset(request).filter(alias=None)
        target = known.filter(pk=parse_number(asked.get("into", ""), 0)).first()
        error = ""
        if request.method == "POST" and target is not None:
            try:
                tags.merge_tags(source, target, user=request.user, at=timezone.now())
            except Refusal as refusal:
                error = str(refusal)
            else:
                values = {"source": source.name, "target": target.name}
                messages.success(request, _("“%(source)s” is merged into “%(target)s”.") % values)
                return redirect(_CHANGE, target.pk)
        return self._ask_merge(request, source, target, error)

    def _ask_merge(
        self, request: DeskRequest, source: Tag, target: Tag | None, error: str
    ) -> HttpResponse:
        query = clean_line(request.GET.get("q", ""))[:60]
        others = self.get_queryset(request).filter(alias=None).exclude(pk=source.pk)
        offered = list(by_pinyin(others.filter(key__key__contains=tag_key(query)))[:_OFFERED])
        pks = [source.pk, *(one.pk for one in offered), *([target.pk] if target else [])]
        usage = tags.usage_of(pks, _articles(request))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge: %(name)s") % {"name": source.name},
            "opts": self.opts,
            "source": source,
            "target": target,
            "offered": [(one, usage[one.pk]) for one in offered],
            "q": query,
            "error": error,
            "counts": usage[source.pk],
            "target_counts": usage[target.pk] if target else (0, 0),
        }
        return render(request, "desk/tag_merge.html", context, status=409 if error else 200)

    @method_decorator(require_POST)
    def separate_view(self, request: DeskRequest, pk: int) -> HttpResponse:
        """Turn a former name into a separate tag again."""
        tag = self._found(request, pk)
        try:
            tags.separate_tag(tag, user=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            values = {"name": tag.name}
            messages.success(request, _("“%(name)s” is a separate tag again.") % values)
        return redirect(_CHANGE, pk)

    def _found(self, request: DeskRequest, pk: int) -> Tag:
        if not tags.may_manage_tags(request.user):
            raise PermissionDenied
        found: Tag | None = self.get_queryset(request).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    @admin.display(description=gettext_lazy("articles"))
    def article_count(self, tag: Any) -> int:
        """Show the number of visible articles with this tag or a former name of it."""
        return int(tag.n_articles)

    @admin.display(description=gettext_lazy("stories"))
    def story_count(self, tag: Any) -> int:
        """Show the number of stories with this tag or a former name of it."""
        return int(tag.n_stories)

    @admin.display(description=gettext_lazy("counts as"))
    def leads_to(self, tag: Any) -> SafeString | str:
        """Show the tag of a former name."""
        alias = getattr(tag, "alias", None)
        if alias is None:
            return ""
        return links([(reverse(_CHANGE, args=[alias.target_id]), alias.target.name)])

"""Rule: a private API of another package is used in one module only, which documents it.

A test that fails after an upgrade names the package and the module to check.
"""

from __future__ import annotations

import ast
import inspect
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import prefetch_related_objects
from django.db.models.query import get_related_populators
from django.http import HttpRequest
from django.test import RequestFactory

from accounts import allauth_internals
from articles.models import Article
from articles.numbered_canvas import numbered_canvas
from articles.prefetched import is_prefetched
from issues.docx_paragraphs import add_paragraph
from newsroom.request_state import has_read_form
from paper.models import Section
from tests.helpers import factories
from tests.helpers.layers import LEVEL
from tests.helpers.paths import ROOT

MARK = "Private API of"
#: Underscored names that Django documents, and those of named tuples.
DOCUMENTED = {"_meta", "_state", "_default_manager", "_base_manager", "_asdict", "_replace"}
#: Overriding it is documented: "Writing a custom storage system".
HOOKS = {"_save"}


def watch(package: str, module: str) -> str:
    return f"{package} has changed what {module} uses of it: adapt that module before the upgrade"


# Where they are used.


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for app in LEVEL:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text("utf-8"))


def _own_names(trees: list[tuple[Path, ast.Module]]) -> set[str]:
    """Return every underscored name that the project defines itself."""
    names: set[str] = set()
    for _path, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
    return names


def _private_names(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Yield the private names of other packages: `x._name`, `super()._name`, `…internal…`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            is_super = isinstance(node.value, ast.Call) and "super" in ast.unparse(node.value.func)
            is_foreign = is_super or node.attr not in own
            if (
                is_foreign
                and not node.attr.startswith("__")
                and node.attr not in DOCUMENTED | HOOKS
            ):
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            parts = node.module.split(".")
            if "internal" in parts or "internals" in parts:
                yield node.module
            yield from (one.name for one in node.names if one.name.startswith("_"))
        elif isinstance(node, ast.Constant) and node.value in {
            "_prefetched_objects_cache",
            "_post",
        }:
            yield str(node.value)


def test_each_is_used_in_one_module_that_says_so():
    trees = list(_trees())
    own = _own_names(trees)
    users: dict[str, set[Path]] = defaultdict(set)
    silent = []
    for path, tree in trees:
        for name in _private_names(tree, own):
            users[name].add(path)
            if MARK not in (ast.get_docstring(tree) or ""):
                silent.append(f"{path.relative_to(ROOT)} uses {name} and does not say so")
    assert {"_base_set", "_p", "_startPage", "_post"} <= users.keys(), "the search finds nothing"
    assert silent == []
    assert {name: paths for name, paths in users.items() if len(paths) > 1} == {}


# Django


def test_django_the_database_cache_writes_by_one_method(db, monkeypatch):
    """accounts.cache overrides it to raise the exceptions that it hides."""
    why = watch("Django", "accounts.cache")
    names = list(inspect.signature(DatabaseCache._base_set).parameters)
    assert names == ["self", "mode", "key", "value", "timeout"], why
    modes = []
    cache = caches["default"]
    assert isinstance(cache, DatabaseCache)
    monkeypatch.setattr(DatabaseCache, "_base_set", lambda _self, mode, *_rest: modes.append(mode))
    cache.set("a", 1)
    cache.add("b", 1)
    cache.touch("c")
    assert modes == ["set", "add", "touch"], why


def test_django_the_compiler_says_how_a_row_becomes_an_object(db):
    """press.compiled_queries compiles the SQL of a queryset once and creates the objects itself."""
    why = watch("Django (6.1 adds a fetch mode)", "the module of press with the prepared queries")
    names = list(inspect.signature(get_related_populators).parameters)
    assert names == ["klass_info", "select", "db"], why
    compiler = Section.objects.all().query.get_compiler("default")
    compiler.as_sql()
    assert {"model", "select_fields"} <= set(compiler.klass_info), why
    column, (sql, params), alias = compiler.select[0]
    assert (column.target.attname, params, alias) == ("id", (), None) or sql, why
    assert isinstance(compiler.get_converters([column]), dict), why
    assert hasattr(connection.ops, "adapt_datetimefield_value"), why


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a limit of SQLite")
def test_django_cuts_bulk_statements_by_a_feature_of_the_connection(db, monkeypatch):
    """newsroom.sqlite raises it to the limit of this SQLite."""
    why = watch("Django", "newsroom.sqlite")
    assert connection.features.max_query_params > 999, why
    monkeypatch.setattr(connection.features, "max_query_params", 10)
    assert connection.ops.bulk_batch_size(["a", "b"], [None] * 100) == 5, why


def test_django_notes_which_relations_were_read_with_an_object(staff, news, now):
    article = factories.make_draft(staff["reporter"], now)
    article = Article.objects.get(pk=article.pk)
    assert not is_prefetched(article, "bylines")
    prefetch_related_objects([article], "bylines")
    assert is_prefetched(article, "bylines"), watch("Django", "articles.prefetched")


def test_django_notes_that_a_form_was_read():
    request: HttpRequest = RequestFactory().post("/", {"a": "1"})
    assert not has_read_form(request)
    assert request.POST["a"] == "1"
    assert has_read_form(request), watch("Django", "newsroom.request_state")


def test_django_has_what_it_does_not_document():
    """Public names without documentation, each used in one place."""
    csrf = import_module("django.middleware.csrf")
    reasons = ("BAD_ORIGIN", "BAD_REFERER", "INSECURE_REFERER", "MALFORMED_REFERER", "NO_REFERER")
    for name in (*reasons, "NO_CSRF_COOKIE"):
        assert getattr(csrf, f"REASON_{name}", ""), watch("Django", "desk.error_views")
    hashers = import_module("django.contrib.auth.hashers")
    unusable = hashers.make_password(None)
    assert unusable.startswith(hashers.UNUSABLE_PASSWORD_PREFIX), watch("Django", "accounts.admin")
    widgets = import_module("django.contrib.admin.widgets")
    wrapper = widgets.RelatedFieldWidgetWrapper
    assert issubclass(wrapper, forms.Widget), watch("Django", "the admin base class of paper")
    assert "widget" in inspect.signature(wrapper.__init__).parameters


# django-allauth


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("clear_totp_secret", ["request"]),
        ("encrypt", ["text"]),
        ("end_other_sessions", ["request", "user"]),
        ("normalize_user_code", ["code"]),
        ("perform_login", ["request", "user"]),
        ("user_pk_to_url_str", ["user"]),
    ],
)
def test_allauth_takes_what_we_give(name, parameters):
    given: Callable[..., object] = getattr(allauth_internals, name)
    needed = [
        one.name
        for one in inspect.signature(given).parameters.values()
        if one.default is one.empty and one.kind not in {one.VAR_KEYWORD, one.VAR_POSITIONAL}
    ]
    assert needed == parameters, watch("django-allauth", "accounts.allauth_internals")


def test_allauth_does_what_we_expect(rf, staff):
    why = watch("django-allauth", "accounts.allauth_internals")
    request = rf.get("/")
    request.session = {"mfa.totp.secret": "ABC", "other": 1}
    allauth_internals.clear_totp_secret(request)
    assert request.session == {"other": 1}, why
    assert allauth_internals.normalize_user_code("12 3-456") == "123456", why
    assert hasattr(allauth_internals.context, "request"), why
    assert allauth_internals.REAUTHENTICATION_TIMEOUT > 0, why
    user, tokens = staff["chief"], allauth_internals.default_token_generator
    assert tokens.check_token(user, tokens.make_token(user)), why
    assert set(allauth_internals.__all__) < set(dir(allauth_internals))


# reportlab, python-docx


def test_reportlab_lets_a_canvas_hold_its_pages_back():
    seen: list[tuple[int, int]] = []
    made = numbered_canvas(lambda canvas, pages: seen.append((canvas.getPageNumber(), pages)))
    canvas = made(io.BytesIO())
    for _page in range(3):
        canvas.drawString(10, 10, "a")
        canvas.showPage()
    canvas.save()
    assert seen == [(1, 3), (2, 3), (3, 3)], watch("reportlab", "articles.numbered_canvas")


def test_python_docx_styles_a_paragraph_by_the_id_of_its_style():
    from docx import Document

    document = Document()
    style = document.styles["Heading 1"]
    add_paragraph(document, "标题", style.style_id)
    found = document.paragraphs[-1]
    assert (found.text, found.style.name) == ("标题", "Heading 1"), watch(
        "python-docx", "issues.docx_paragraphs"
    )

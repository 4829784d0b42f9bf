"""Saves of drafts: every save is a revision; a stale save becomes a conflict copy."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from paper.permissions import Capability, may
from paper.querysets import counts_marks
from press.services.tags import tags_named

from ..content import Content, from_json
from ..exceptions import Conflict, Forbidden, Hidden, StaleSave
from ..models import Article, ArticlePhoto, Byline, LogEntry, Revision
from ..selectors.recent_changes import conflict_message
from ..workflow.states import State
from . import audit_log, permissions, search_index
from .content_checks import checked_content, with_current_names
from .lengths import length_of
from .revisions import (
    RevisionSave,
    add_revision,
    confirm_revision,
    head_revision,
    is_overtaken,
    known_version,
    save_conflict_copy,
    save_revision,
)

_FIELDS = ("kind", "kicker", "headline", "subhead", "dateline", "body", "unit")


def create_article(
    content: Content,
    *,
    user: User | None,
    at: dt.datetime,
    import_key: str | None = None,
    form_key: str = "",
    auto: bool = False,
    sequence: int = 0,
    has_code: bool = False,
) -> Article:
    """Store a new draft with its first revision and return it.

    `user` becomes its author and must have a writing role; None is the importer at the console.
    `import_key` identifies the source text, so that a page is imported only once. `form_key` is the
    id of the form (the window): if the same form is sent again, by a double click or after a
    network error, it saves the article that it created. With `has_code`, HTML tags in the text are
    meant as code. Raises Forbidden, Invalid, StaleSave.
    """
    if user is not None and not may(user, Capability.WRITE_ARTICLES):
        raise Forbidden(_("Your role cannot write articles."))
    clean = checked_content(content, has_code=has_code)
    made = article_of_form(form_key, user)
    if made is None:
        article = Article(created_by=user, created_at=at, updated_at=at, import_key=import_key)
        article.form_key, article.has_code = form_key or None, has_code
        try:
            return _create(article, clean, RevisionSave(user, at, 0, auto, form_key, sequence))
        except IntegrityError as error:
            made = article_of_form(form_key, user)
            if made is None and not form_key:
                raise
            if made is None:
                raise Conflict(_("This article already exists.")) from error
    assert user is not None
    saved = save_article(
        made,
        clean,
        user=user,
        at=at,
        base_version=0,
        auto=auto,
        window_id=form_key,
        sequence=sequence,
        has_code=has_code,
    )
    # The version that the window knows; another user may have saved since.
    made.version = saved.base_version
    return made


@transaction.atomic
def _create(article: Article, content: Content, save: RevisionSave) -> Article:
    apply_content(article, content)
    article.save()
    _save_relations(article, content)
    search_index.index_article(article, content)
    save_revision(article, content, save)
    return article


def article_of_form(form_key: str, user: User | None) -> Article | None:
    """Return the article that `user` has created with the form `form_key`, or None."""
    if not form_key or user is None:
        return None
    return Article.objects.filter(form_key=form_key, created_by=user).first()


def save_article(
    article: Article,
    content: Content,
    *,
    user: User,
    at: dt.datetime,
    base_version: int,
    auto: bool = False,
    window_id: str = "",
    sequence: int = 0,
    has_code: bool | None = None,
) -> Revision:
    """Save `content` over the version `base_version` of `article` and return its revision.

    Unchanged content creates no revision. With `auto` it is an autosave: the next save of the same
    window (`window_id`, whose requests `sequence` counts) replaces its revision, unless a
    signature, the log or a comment refers to it, or much text would be lost. `has_code` says that
    HTML tags in the text are meant as code; None leaves it as it was. Raises Hidden, Forbidden,
    Invalid. Raises StaleSave, after storing the text as a side revision, where the article has
    changed or moved on since `base_version`, or another reviewer has taken it.
    """
    has_code = article.has_code if has_code is None else has_code
    clean = checked_content(content, has_code=has_code)
    save = RevisionSave(user, at, base_version, auto, window_id, sequence)
    with transaction.atomic():
        article = _locked(article)
        article.has_code = has_code
        revision, refusal = _save(article, clean, save)
    # Raised outside the transaction, so that the conflict copy is not rolled back.
    if refusal and revision.is_side:
        raise StaleSave(refusal, revision.number)
    if refusal:
        raise Conflict(refusal)
    return revision


def _locked(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("story", "taken_by")
    found = rows.filter(pk=article.pk).first()
    if found is None:
        raise Hidden(_("The article has just been deleted."))
    return found


def _save(article: Article, content: Content, save: RevisionSave) -> tuple[Revision, str]:
    """Return the revision that holds `content`, and why it is not the newest one, or ""."""
    assert save.user is not None
    refusal, head = "", head_revision(article)
    try:
        permissions.require_edit(article, save.user, save.at)
    except Conflict as conflict:
        refusal = str(conflict)
    if head is not None and head.sha256 == content.sha256:
        return (head, refusal) if refusal else (_confirm(article, head, save), "")
    if head is not None and is_overtaken(head, save):
        return head, ""
    if not refusal and _claim(article, content, known_version(article, save, head), save.at):
        if head is None or _relations(from_json(head.content)) != _relations(content):
            _save_relations(article, content)
        search_index.index_article(article, content)
        return save_revision(article, content, save, head), ""
    copy = save_conflict_copy(article, content, save)
    return copy, refusal or _stale_message(head, save.user)


def _confirm(article: Article, head: Revision, save: RevisionSave) -> Revision:
    Article.objects.filter(pk=article.pk).exclude(has_code=article.has_code).update(
        has_code=article.has_code
    )
    return confirm_revision(head, save)


def _stale_message(head: Revision | None, user: User) -> str:
    if head is not None and head.saved_by_id == user.pk:
        return _(
            "You have saved a newer text in another window. This text was saved as a conflict copy."
        )
    return _("Somebody saved this article before you. Your text was saved as a conflict copy.")


def store_conflict_copy(
    article: Article,
    content: Content,
    *,
    user: User,
    at: dt.datetime,
    base_version: int,
    window_id: str,
) -> Revision:
    """Store a text that the user decided against as a side revision, so that they can return to it.

    Raises Hidden, Forbidden, Invalid.
    """
    clean = checked_content(content, has_code=True)
    with transaction.atomic():
        article = _locked(article)
        with suppress(Conflict):
            permissions.require(article, "edit", user, at)
        return save_conflict_copy(
            article, clean, RevisionSave(user, at, base_version, window_id=window_id)
        )


def _claim(article: Article, content: Content, base_version: int, at: dt.datetime) -> bool:
    """Write the columns if the article is still at `base_version`; return whether it was."""
    apply_content(article, content)
    values = {field: getattr(article, field) for field in _FIELDS}
    rows = Article.objects.filter(pk=article.pk, version=base_version, state=article.state)
    held = {"taken_at": at} if article.taken_by_id else {}
    changed = rows.update(
        **values,
        **held,
        section=article.section_id,
        genre=article.genre_id,
        chars=article.chars,
        has_code=article.has_code,
        updated_at=at,
        version=F("version") + 1,
    )
    if changed:
        article.version = base_version + 1
    return bool(changed)


def apply_content(article: Article, content: Content, *, marks: bool | None = None) -> None:
    """Write the columns of `content` into the instance `article`, without saving it.

    `marks` is the paper's setting, if the caller has read it for many articles.
    """
    for field in _FIELDS:
        setattr(article, field, getattr(content, field))
    article.section_id = content.section
    article.genre_id = content.genre
    article.chars = length_of(content.body, marks=counts_marks() if marks is None else marks)


def _relations(content: Content) -> tuple[object, ...]:
    return content.towns, content.tags, content.bylines, content.photos


def _save_relations(article: Article, content: Content) -> None:
    article.towns.set(content.towns)
    # Use exactly these names: the signed names are compared with them.
    article.tags.set(tags_named(content.tags).values())
    article.bylines.all().delete()
    Byline.objects.bulk_create(byline_rows(article, content))
    article.article_photos.all().delete()
    ArticlePhoto.objects.bulk_create(photo_rows(article, content))


def byline_rows(article: Article, content: Content) -> list[Byline]:
    """Return unsaved instances for the byline of `content`, in printed order."""
    return [
        Byline(
            article=article,
            contributor_id=row.contributor,
            role=row.role,
            label=row.label,
            order=order,
        )
        for order, row in enumerate(content.bylines)
    ]


def photo_rows(article: Article, content: Content) -> list[ArticlePhoto]:
    """Return unsaved instances for the photos of `content`, in printed order."""
    return [
        ArticlePhoto(
            article=article, photo_id=row.photo, caption=row.caption, alt=row.alt, order=order
        )
        for order, row in enumerate(content.photos)
    ]


def reset_to(article: Article, revision: Revision, *, user: User, at: dt.datetime) -> None:
    """Restore the content of an earlier revision as the working copy, in a new revision."""
    # The published story protects section, writers and photos, and this revision protects the genre
    # (`references`); towns are not protected.
    content = with_current_names(from_json(revision.content))
    apply_content(article, content)
    # What was signed was meant as it is.
    article.has_code = bool(content.escaped_markup)
    article.save(update_fields=[*_FIELDS, "section", "genre", "chars", "has_code"])
    _save_relations(article, content)
    search_index.index_article(article, content)
    add_revision(article, content, user=user, at=at)


def delete_article(article: Article, *, user: User, at: dt.datetime, version: int) -> None:
    """Delete a draft that was never submitted. Raises Hidden, Forbidden, Conflict."""
    permissions.require(article, "delete", user, at)
    with transaction.atomic():
        rows = Article.objects.select_for_update().filter(
            pk=article.pk, version=version, state=State.DRAFT, submitted_at=None
        )
        found = rows.first()
        if found is None:
            raise Conflict(
                _("Only a draft that was never submitted can be deleted.")
                if article.submitted_at
                else conflict_message(article, at)
            )
        found.log.all().delete()
        search_index.remove_article(found.pk)
        found.delete()


def log_import(article: Article, *, user: User, at: dt.datetime, note: str) -> LogEntry:
    """Log that a draft was imported from a page's text, with the flags for the editor."""
    entry = LogEntry(
        article=article,
        transition="import",
        from_state=State.DRAFT,
        to_state=State.DRAFT,
        by=user,
        at=at,
        note=note[:500],
        revision=head_revision(article),
    )
    with transaction.atomic():
        if not audit_log.append(entry, Article.objects.all()):
            raise Conflict(conflict_message(article, at))
    return entry

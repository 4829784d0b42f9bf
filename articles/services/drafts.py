"""Saving text: every save is a revision, a stale one is refused and kept."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.models import Section, Town
from textkit import html
from textkit.count import count_chars

from ..content import Content, from_json, tidy
from ..errors import Conflict, Forbidden, Hidden, Invalid, StaleSave
from ..limits import MAX_TAG, excess_of, is_long_tag, is_lost_tag
from ..models import Article, ArticlePhoto, Byline, LogEntry, Revision
from ..states import State
from ..workflow import WRITERS, actor_of
from . import chain, indexing, rules
from .revisions import (
    Save,
    add_revision,
    head_revision,
    is_overtaken,
    known_version,
    put_aside,
    put_revision,
    settle,
)

MAX_HEADLINE = 300
_FIELDS = ("kind", "kicker", "headline", "subhead", "dateline", "body", "unit")
_LIMITS = {"kicker": 120, "subhead": 300, "dateline": 60, "unit": 60}


def create_article(
    content: Content,
    *,
    user: User | None,
    at: dt.datetime,
    import_key: str | None = None,
    form_key: str = "",
    auto: bool = False,
    turn: int = 0,
) -> Article:
    """Store a new draft with its first revision and return it.

    `user` becomes its author and must have a writing role; None is the importer at the console.
    `import_key` names the text that it was read from, so that the same page makes it once only.
    `form_key` names the form (the window) that it was typed into: the same form sent again, by a
    double click or after a broken line, saves the article that it made. Raises Forbidden, Invalid,
    StaleSave.
    """
    if user is not None and not actor_of(user).roles & WRITERS:
        raise Forbidden(_("Your role does not write articles."))
    clean = _checked(content)
    made = made_by_form(form_key, user)
    if made is None:
        article = Article(created_by=user, created_at=at, updated_at=at, import_key=import_key)
        article.form_key = form_key or None
        try:
            return _create(article, clean, Save(user, at, 0, auto, form_key, turn))
        except IntegrityError as error:
            made = made_by_form(form_key, user)
            if made is None and not form_key:
                raise
            if made is None:
                raise Conflict(_("This article is there already.")) from error
    assert user is not None
    saved = save_article(
        made, clean, user=user, at=at, base_version=0, auto=auto, tab=form_key, turn=turn
    )
    # What the window knows now; somebody may have gone on from there.
    made.version = saved.base_version
    return made


@transaction.atomic
def _create(article: Article, content: Content, save: Save) -> Article:
    apply_content(article, content)
    article.save()
    _relate(article, content)
    indexing.put(article, content)
    put_revision(article, content, save)
    return article


def made_by_form(form_key: str, user: User | None) -> Article | None:
    """Return the article that `user` has made with the form `form_key`, if he has."""
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
    tab: str = "",
    turn: int = 0,
) -> Revision:
    """Save `content` over the version `base_version` of `article` and return its revision.

    The same content again makes no new revision. With `auto` it is a save by itself: the next save
    of the same window (`tab`, whose sends `turn` counts) takes the place of its revision, unless
    that is signed or noted, or much text would go. Raises Hidden, Forbidden, Invalid; StaleSave,
    after keeping the text as a side revision, where the article has changed or moved on since
    `base_version`, or is with another reader.
    """
    clean = _checked(content)
    save = Save(user, at, base_version, auto, tab, turn)
    with transaction.atomic():
        article = _locked(article)
        revision, refusal = _save(article, clean, save)
    # Raised outside the transaction: what is refused stays kept.
    if refusal and revision.is_side:
        raise StaleSave(refusal, revision.number)
    if refusal:
        raise Conflict(refusal)
    return revision


def _locked(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("story", "taken_by")
    found = rows.filter(pk=article.pk).first()
    if found is None:
        raise Hidden(_("The article was deleted meanwhile."))
    return found


def _save(article: Article, content: Content, save: Save) -> tuple[Revision, str]:
    """Return the revision that holds `content` now, and why it is not the newest one, if so."""
    assert save.user is not None
    refusal, head = "", head_revision(article)
    try:
        rules.require_edit(article, save.user, save.at)
    except Conflict as conflict:
        refusal = str(conflict)
    if head is not None and head.sha256 == content.sha256:
        return (head, refusal) if refusal else (settle(head, save), "")
    if head is not None and is_overtaken(head, save):
        return head, ""
    if not refusal and _claim(article, content, known_version(article, save, head), save.at):
        if head is None or _relations(from_json(head.content)) != _relations(content):
            _relate(article, content)
        indexing.put(article, content)
        return put_revision(article, content, save, head), ""
    kept = put_aside(article, content, save)
    return kept, refusal or _stale_words(head, save.user)


def _stale_words(head: Revision | None, user: User) -> str:
    if head is not None and head.saved_by_id == user.pk:
        return _("You have saved a newer text in another window. This one was kept beside it.")
    return _("Somebody saved this article before you. Your text was kept beside it.")


def keep_aside(
    article: Article, content: Content, *, user: User, at: dt.datetime, base_version: int, tab: str
) -> Revision:
    """Keep a text that the person decided against, as a side revision, so that he may come back.

    Raises Hidden, Forbidden, Invalid.
    """
    clean = _checked(content)
    with transaction.atomic():
        article = _locked(article)
        with suppress(Conflict):
            rules.require(article, "edit", user, at)
        return put_aside(article, clean, Save(user, at, base_version, tab=tab))


def _claim(article: Article, content: Content, base_version: int, at: dt.datetime) -> bool:
    """Write the columns if the article is still at `base_version`; tell whether it was."""
    apply_content(article, content)
    values = {field: getattr(article, field) for field in _FIELDS}
    rows = Article.objects.filter(pk=article.pk, version=base_version, state=article.state)
    held = {"taken_at": at} if article.taken_by_id else {}
    changed = rows.update(
        **values,
        **held,
        section=article.section_id,
        chars=article.chars,
        updated_at=at,
        version=F("version") + 1,
    )
    if changed:
        article.version = base_version + 1
    return bool(changed)


def _checked(content: Content) -> Content:
    """Return `content` tidied; raise Invalid with every problem that a person can mend."""
    clean, problems = checked_text(content)
    clean = _known(clean)
    if clean.section is not None and not Section.objects.filter(pk=clean.section).exists():
        problems.append(_("There is no such section."))
    writers = {row.contributor for row in clean.bylines}
    if Contributor.objects.filter(pk__in=writers).count() < len(writers):
        problems.append(
            _(
                "Somebody in the byline is not among the contributors any more. "
                "Please name the writers."
            )
        )
    if problems:
        raise Invalid(problems)
    return clean


def checked_text(content: Content) -> tuple[Content, list[str]]:
    """Return `content` tidied, and what of its text a person must mend; asks nobody.

    Raises Invalid where it is too much to be tidied.
    """
    excess = excess_of(content.body)
    if excess:
        raise Invalid([excess])
    clean = tidy(content)
    # Again: each < and & that was typed is longer now, and what is kept must come back to be saved.
    problems = [excess] if (excess := excess_of(clean.body)) else []
    problems += [
        _("“%(start)s…” is longer than %(limit)d characters. Please shorten it.")
        % {"start": getattr(clean, name)[:10], "limit": limit}
        for name, limit in {**_LIMITS, "headline": MAX_HEADLINE}.items()
        if len(getattr(clean, name)) > limit
    ]
    problems += [
        _("The tag “%(start)s…” is longer than %(limit)d characters. Please shorten it.")
        % {"start": tag[:10], "limit": MAX_TAG}
        for tag in clean.tags
        if is_long_tag(tag)
    ]
    problems += [
        _("The tag “%(tag)s” cannot be a page's address. Please choose another.") % {"tag": tag}
        for tag in clean.tags
        if is_lost_tag(tag)
    ]
    return clean, problems


def _known(content: Content) -> Content:
    """Return `content` without the towns that are no longer there: an old text may name them."""
    known = set(Town.objects.filter(pk__in=content.towns).values_list("pk", flat=True))
    return replace(content, towns=tuple(pk for pk in content.towns if pk in known))


def apply_content(article: Article, content: Content) -> None:
    """Write the columns of `content` into the unsaved `article`."""
    for field in _FIELDS:
        setattr(article, field, getattr(content, field))
    article.section_id = content.section
    article.chars = count_chars(html.to_text(content.body))


def _relations(content: Content) -> tuple[object, ...]:
    return content.towns, content.tags, content.bylines, content.photos


def _relate(article: Article, content: Content) -> None:
    article.towns.set(content.towns)
    article.tags.set(content.tags)
    article.bylines.all().delete()
    Byline.objects.bulk_create(byline_rows(article, content))
    article.article_photos.all().delete()
    ArticlePhoto.objects.bulk_create(photo_rows(article, content))


def byline_rows(article: Article, content: Content) -> list[Byline]:
    """Return the rows of the byline of `content`, unsaved, in printed order."""
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
    """Return the rows of the photos of `content`, unsaved, in printed order."""
    return [
        ArticlePhoto(
            article=article, photo_id=row.photo, caption=row.caption, alt=row.alt, order=order
        )
        for order, row in enumerate(content.photos)
    ]


def reset_to(article: Article, revision: Revision, *, user: User, at: dt.datetime) -> None:
    """Put the content of an earlier revision back as the working copy, as a new revision."""
    # Section, writers and photos are protected by the story that is still in print; towns are not.
    content = _known(from_json(revision.content))
    apply_content(article, content)
    article.save(update_fields=[*_FIELDS, "section", "chars"])
    _relate(article, content)
    indexing.put(article, content)
    add_revision(article, content, user=user, at=at)


def delete_article(article: Article, *, user: User, at: dt.datetime, version: int) -> None:
    """Delete a draft that was never submitted. Raises Hidden, Forbidden, Conflict."""
    rules.require(article, "delete", user, at)
    with transaction.atomic():
        rows = Article.objects.select_for_update().filter(
            pk=article.pk, version=version, state=State.DRAFT, submitted_at=None
        )
        found = rows.first()
        if found is None:
            raise Conflict(
                _("Only a draft that was never submitted can be deleted.")
                if article.submitted_at
                else rules.meanwhile(article, at)
            )
        found.log.all().delete()
        indexing.forget(found.pk)
        found.delete()


def log_import(article: Article, *, user: User, at: dt.datetime, note: str) -> LogEntry:
    """Note in the log that a draft came from a page's text, with the flags an editor must see."""
    entry = LogEntry(
        article=article,
        move="import",
        from_state=State.DRAFT,
        to_state=State.DRAFT,
        by=user,
        at=at,
        note=note[:500],
        revision=head_revision(article),
    )
    with transaction.atomic():
        if not chain.append(entry, Article.objects.all()):
            raise Conflict(rules.meanwhile(article, at))
    return entry

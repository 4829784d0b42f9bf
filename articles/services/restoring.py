"""Restore an earlier revision of an article as its newest one."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from ..content import from_json
from ..exceptions import Conflict
from ..models import Article, LogEntry, Revision
from ..selectors.recent_changes import conflict_message
from ..workflow.transitions import RESTORE_REVISION
from . import audit_log, permissions
from .drafts import save_article
from .revisions import head_revision, lock_article


@transaction.atomic
def restore_revision(
    article: Article, revision: Revision, *, user: User, at: dt.datetime, version: int
) -> Revision:
    """Save the content of `revision` as a new revision of `article`, log it, and return it.

    `version` is the one that the user saw. Nothing is replaced: the present text stays a revision.
    Raises Hidden, Forbidden, Invalid, and Conflict if the article has changed, already has the same
    text, or is in a state in which the user cannot edit it.
    """
    lock_article(article)
    article = Article.objects.get(pk=article.pk)
    permissions.require_edit(article, user, at)
    if article.version != version:
        raise Conflict(conflict_message(article, at, version))
    head = head_revision(article)
    if head is not None and head.sha256 == revision.sha256:
        raise Conflict(_("This revision is the newest text already."))
    content = from_json(revision.content)
    saved = save_article(article, content, user=user, at=at, base_version=version)
    article.refresh_from_db(fields=["chain"])
    entry = LogEntry(
        article=article,
        transition=RESTORE_REVISION,
        from_state=article.state,
        to_state=article.state,
        by=user,
        at=at,
        note=f"#{revision.number}",
        revision=saved,
    )
    if not audit_log.append(entry, Article.objects.all()):
        raise Conflict(conflict_message(article, at, version))
    return saved

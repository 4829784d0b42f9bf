"""Articles in review whose credits may name the signer."""

from __future__ import annotations

from django.contrib.auth.models import User

from articles import services
from articles.models import Article, LogEntry, Review
from articles.services.authorship import standing_of
from bylines.models import Contributor
from tests.helpers import factories

NAME = "程远山"


def waiting(staff, now, *, state: str = "final_review", writer: Contributor | None, **more):
    """Return an article by `writer` that waits for a review."""
    article = factories.make_in(state, staff["reporter"], now, **more)
    if writer is not None:
        sign(article, writer)
    return article


def sign(article: Article, *writers: Contributor) -> None:
    """Put these contributors in the byline of all revisions."""
    article.bylines.all().delete()
    for number, writer in enumerate(writers):
        article.bylines.create(contributor=writer, role="通讯员", order=number)
    for revision in article.revisions.all():
        revision.content["bylines"] = [
            {"contributor": one.pk, "role": "通讯员", "label": ""} for one in writers
        ]
        revision.save()


def approve(article: Article, user: User, now, **answers: str) -> Review:
    article.refresh_from_db()
    return services.approve(
        article,
        user=User.objects.get(pk=user.pk),
        at=now,
        version=article.version,
        answers=answers or None,
    )


def asked(article: Article, user: User) -> list[str]:
    return [one.key for one in standing_of(article, user).questions]


def answers_of(article: Article) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(article=article, transition__startswith="namesake")
    return list(rows.values_list("transition", "note"))

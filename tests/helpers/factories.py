"""Factories of the objects that tests need."""

from __future__ import annotations

import datetime as dt
import io

from django.contrib.auth.models import Group, User
from PIL import Image

from articles import services
from articles.content import BylineRow, Content
from articles.models import Article, Review
from articles.services import publishing
from articles.workflow.states import State
from bylines.models import Contributor
from bylines.services import contributor_for
from issues import services as issues
from issues.models import Issue
from paper.models import Paper, Section, Town
from paper.permissions import Role
from press import services as press
from press.models import Story

REVIEWERS = {"first_review": "editor", "second_review": "head", "final_review": "chief"}


def make_paper() -> Paper:
    paper = Paper.objects.create(pk=1, name="试验日报")
    Section.objects.create(name="要闻", slug="news", order=1)
    Section.objects.create(name="副刊", slug="literature", order=2)
    Town.objects.create(name="白沙镇", slug="baisha", order=1)
    Town.objects.create(name="石桥镇", slug="shiqiao", order=2)
    return paper


def make_user(name: str, role: str | None = None) -> User:
    user = User.objects.create_user(name, password="for-tests-only", last_name=name)
    if role:
        user.groups.add(Group.objects.get(name=role))
    contributor_for(user)
    return user


def make_staff() -> dict[str, User]:
    staff = {role.value: make_user(role.value, role.value) for role in Role}
    Section.objects.get(slug="news").editors.add(staff["editor"])
    return staff


def content(
    headline: str = "水闸换了电动机",
    *,
    section: str = "news",
    writer: str = "甲乙丙",
    body: str = "<p>全镇六座水闸装上了电动机。</p>",
    **more: object,
) -> Content:
    person, _made = Contributor.objects.get_or_create(name=writer)
    return Content(
        headline=headline,
        body=body,
        section=Section.objects.get(slug=section).pk,
        bylines=(BylineRow(person.pk, "通讯员"),),
        **more,  # type: ignore[arg-type]
    )


def make_draft(
    author: User | None, at: dt.datetime, *, has_code: bool = False, **more: object
) -> Article:
    text = content(**more)  # type: ignore[arg-type]
    return services.create_article(text, user=author, at=at, has_code=has_code)


def make_in(state: str, author: User | None, at: dt.datetime, **more: object) -> Article:
    """Return an article in `state`, without any checks."""
    article = make_draft(None, at, **more)
    article.created_by = author
    article.save(update_fields=["created_by"])
    rows = Article.objects.filter(pk=article.pk)
    if state == State.DRAFT:
        return article
    if state in REVIEWERS or state == State.SPIKED:
        rows.update(state=state, submitted_at=at, round=1)
    else:
        _print(article, state, at)
    article.refresh_from_db()
    return article


def _print(article: Article, state: str, at: dt.datetime) -> None:
    article.approved_revision = article.revisions.get(number=1)
    article.state, article.submitted_at, article.round = State.APPROVED, at, 1
    article.save()
    if state == State.APPROVED:
        return
    hour = dt.timedelta(hours=1)
    release_at = at + hour if state == State.SCHEDULED else at - hour
    publishing.publish_articles([publishing.PrintedPlace(article)], release_at=release_at)
    story = article.story
    Article.objects.filter(pk=article.pk).update(story=story)
    if state == State.WITHDRAWN:
        press.withdraw_story(story, reason="待核实", at=at)
        Article.objects.filter(pk=article.pk).update(state=State.WITHDRAWN)


def make_story(headline: str, release_at: dt.datetime, **more: object) -> Story:
    """Return a published story."""
    article = make_draft(None, release_at, headline=headline, **more)
    article.approved_revision = article.revisions.get(number=1)
    article.state = State.APPROVED
    publishing.publish_articles([publishing.PrintedPlace(article)], release_at=release_at)
    article.save()
    return article.story


def pass_all(article: Article, staff: dict[str, User], at: dt.datetime) -> Article:
    """Approve the three reviews of the article."""
    for reader in REVIEWERS.values():
        sign_review(article, user=staff[reader], at=at)
        article.refresh_from_db()
    return article


def sign_review(article: Article, *, user: User, at: dt.datetime, **more: object) -> Review:
    """Sign the current version of the article."""
    version = Article.objects.values_list("version", flat=True).get(pk=article.pk)
    return services.approve(article, user=user, at=at, version=version, **more)  # type: ignore[arg-type]


def sign_issue(issue: Issue, *, user: User, at: dt.datetime) -> Issue:
    """Sign the current version of the issue."""
    version = Issue.objects.values_list("version", flat=True).get(pk=issue.pk)
    return issues.sign(issue, user=user, at=at, version=version)


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 80)).save(out, kind)
    return out.getvalue()

"""Rule: readers see what was signed; a change outside the desk is detected and named."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from taggit.models import Tag

from articles import services
from articles.content import PhotoRow
from articles.models import Article, LogEntry, Revision
from articles.services.audit_log import link
from articles.services.audit_verify import verify
from bylines.models import Contributor
from paper.models import Town
from photos.services import add_photo
from press.models import Correction, Story, StoryContributor, StoryPhoto, StoryTag, StoryTown
from press.snapshot_hash import snapshot_sha256
from tests.helpers import factories


@pytest.fixture
def printed(staff, now) -> Article:
    """Return a published article with a photo in its text and three signatures."""
    author = staff["correspondent"]
    photo = add_photo(data=factories.picture(), caption="", user=author, at=now)
    content = {
        "photos": (PhotoRow(photo.pk, "新的电动机", "罗小满 摄"),),
        "body": f'<p>水闸换了电动机。</p><figure data-photo="{photo.pk}"></figure><p>通了电。</p>',
        "kicker": "白沙镇",
        "tags": ("水利",),
        "towns": (Town.objects.get(slug="baisha").pk,),
    }
    article = factories.make_draft(author, now, **content)
    services.submit(article, user=author, at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    return article


CHANGES = [
    ({"headline": "改了"}, "标题"),
    ({"kicker": "改了"}, "引题"),
    ({"subhead": "改了"}, "副题"),
    ({"dateline": "改了"}, "电头"),
    ({"unit": "改了"}, "单位"),
    ({"kind": "photo"}, "类型"),
    ({"body": "<p>改了</p>"}, "正文"),
    ({"tag_names": []}, "标签"),
    ({"byline": []}, "署名"),
    ({"photo_list": []}, "照片"),
    ({"summary": "改了"}, "摘要"),
    ({"chars": 1}, "摘要"),
    ({"places": [{"name": "改了", "url": "/"}]}, "摘要"),
    ({"revision": 9}, "第 1 稿"),
    ({"sha256": "0" * 64}, "第 1 稿"),
    ({"withdrawn_at": F("release_at"), "withdrawal_reason": "改了"}, "撤"),
    ({"release_at": F("release_at") - dt.timedelta(days=30)}, "时间"),
    ({"corrections": [{"kind": "apology", "note": "改了", "at": "2020-01-01"}]}, "更正"),
]


@pytest.mark.parametrize(("change", "named"), CHANGES, ids=lambda one: "-".join(one)[:20])
def test_a_changed_story_is_found_and_named(printed, change, named):
    assert verify(printed) is None
    Story.objects.filter(pk=printed.story_id).update(**change)
    broken = verify(printed)
    assert broken is not None
    assert named in broken.why


@pytest.mark.parametrize(
    ("old", "new"), [("通了电", "断了电"), ("新的电动机", "旧的电动机"), ("罗小满", "罗大满")]
)
def test_a_changed_word_in_the_text_or_under_a_photo_is_found(printed, old, new):
    body = printed.story.body
    assert old in body
    Story.objects.filter(pk=printed.story_id).update(body=body.replace(old, new))
    assert verify(printed) is not None


def test_a_changed_name_in_the_byline_is_found_and_a_new_name_of_the_person_is_not(printed):
    story = printed.story
    Contributor.objects.filter(pk=story.byline[0]["id"]).update(name="后来的名字")
    assert verify(printed) is None
    row = {**story.byline[0], "name": "别人"}
    Story.objects.filter(pk=story.pk).update(byline=[row, *story.byline[1:]])
    assert "姓名" in verify(printed).why


@pytest.mark.parametrize("model", [StoryContributor, StoryPhoto, StoryTown, StoryTag])
def test_a_removed_row_of_the_story_is_found(printed, model):
    assert verify(printed) is None
    assert model.objects.filter(story=printed.story_id).delete()[0]
    assert verify(printed) is not None


@pytest.mark.parametrize("model", [StoryContributor, StoryTown, StoryTag])
def test_a_story_filed_under_another_time_is_found(printed, model):
    model.objects.update(release_at=F("release_at") + dt.timedelta(days=9))
    assert "时间" in verify(printed).why


def test_a_story_filed_under_another_town_or_tag_is_found(printed):
    StoryTown.objects.update(town=Town.objects.get(slug="shiqiao"))
    assert "镇街" in verify(printed).why
    StoryTown.objects.update(town=Town.objects.get(slug="baisha"))
    assert verify(printed) is None
    StoryTag.objects.update(tag=Tag.objects.create(name="别的"))
    assert "标签" in verify(printed).why


def test_a_story_that_was_deleted_while_the_log_has_it_in_print_is_found(printed):
    Article.objects.filter(pk=printed.pk).update(story=None)
    Story.objects.all().delete()
    assert "不见了" in verify(printed).why


def test_the_last_row_cut_off_while_the_story_is_in_print_is_found(printed):
    """The row of the release is deleted, and the article's chain set to the row before."""
    *_rest, before, last = LogEntry.objects.filter(article=printed).order_by("pk")
    LogEntry.objects.filter(pk=last.pk).delete()
    Article.objects.filter(pk=printed.pk).update(chain=before.chain)
    printed.refresh_from_db()
    assert "没有发布" in verify(printed).why


def test_another_author_of_the_article_is_found(printed, staff):
    """Nobody signs their own work, so the author is part of the record."""
    Article.objects.filter(pk=printed.pk).update(created_by=staff["chief"])
    printed.refresh_from_db()
    assert verify(printed) is not None


def test_another_town_tag_or_photo_at_the_desk_is_found(printed):
    assert verify(printed) is None
    article = Article.objects.get(pk=printed.pk)
    article.towns.set([Town.objects.get(slug="shiqiao")])
    assert "镇街" in verify(printed).why
    article.towns.set([Town.objects.get(slug="baisha")])
    article.tags.set(["别的"])
    assert "标签" in verify(printed).why
    article.tags.set(["水利"])
    assert verify(printed) is None
    for change in ({"caption": "改了"}, {"alt": "改了"}):
        row = article.article_photos.get()
        article.article_photos.update(**change)
        assert "照片" in verify(printed).why
        row.save()
    article.article_photos.all().delete()
    assert "照片" in verify(printed).why


@pytest.mark.parametrize(
    "change",
    [{"details": {}}, {"details": {"kind": "update"}}, {"seal_version": 2}, {"seal_version": 0}],
)
def test_the_details_and_the_seal_version_of_a_transition_are_sealed(printed, staff, now, change):
    corrected(printed, staff, now)
    LogEntry.objects.filter(article=printed, transition="correct").update(**change)
    assert verify(printed).row is not None


def test_a_release_moved_by_a_second_is_found(printed):
    Story.objects.filter(pk=printed.story_id).update(
        release_at=F("release_at") - dt.timedelta(seconds=1)
    )
    assert "时间" in verify(printed).why


def test_another_kind_of_a_correction_is_found_wherever_it_stands(printed, staff, now):
    corrected(printed, staff, now)
    story = Story.objects.get(pk=printed.story_id)
    Correction.objects.update(kind="update")
    story.corrections[0]["kind"] = "update"
    story.save()
    assert "更正" in verify(printed).why


@pytest.mark.parametrize("change", [{"saved_by": "head"}, {"saved_at": dt.timedelta(seconds=1)}])
def test_who_saved_the_signed_text_and_when_is_covered(printed, staff, change):
    values = {
        name: staff[value] if isinstance(value, str) else F(name) + value
        for name, value in change.items()
    }
    Revision.objects.filter(pk=printed.approved_revision_id).update(**values)
    assert verify(printed) is not None


def test_a_story_stays_sound_while_and_after_it_is_corrected_or_withdrawn(printed, staff, now):
    chief = staff["chief"]
    services.correct(printed, user=chief, at=now, kind="correction", reason="数字有误")
    printed.refresh_from_db()
    assert verify(printed) is None
    editor = staff["head"]
    services.take(printed, user=editor, at=now)
    printed.refresh_from_db()
    content = factories.content("换了七台", body="<p>七台。</p>")
    services.save_article(printed, content, user=editor, at=now, base_version=printed.version)
    printed.refresh_from_db()
    for reader in ("head", "chief"):
        factories.sign_review(printed, user=staff[reader], at=now)
        printed.refresh_from_db()
    assert printed.story.headline == "换了七台"
    assert verify(printed) is None
    services.withdraw(printed, user=staff["chief"], at=now, reason="待核实")
    assert verify(printed) is None


def test_a_seal_that_was_taken_off_is_found(printed):
    LogEntry.objects.update(printed="")
    assert verify(printed).row is not None


def corrected(article: Article, staff, now) -> None:
    services.correct(article, user=staff["head"], at=now, kind="correction", reason="数字有误")
    for reader in ("head", "chief"):
        article.refresh_from_db()
        factories.sign_review(article, user=staff[reader], at=now)
    article.refresh_from_db()


def test_a_changed_note_or_kind_of_a_correction_is_found(printed, staff, now):
    corrected(printed, staff, now)
    assert verify(printed) is None
    corrected(printed, staff, now + dt.timedelta(hours=1))
    assert verify(printed) is None
    for change in ({"note": "改了"}, {"kind": "update"}, {"at": now - dt.timedelta(days=9)}):
        row = Correction.objects.filter(story=printed.story_id).first()
        Correction.objects.filter(pk=row.pk).update(**change)
        assert "更正" in verify(printed).why
        row.save()
    assert verify(printed) is None
    Correction.objects.create(story=printed.story, kind="apology", note="没有的事", at=now)
    assert "更正" in verify(printed).why


def test_a_correction_that_was_dropped_or_is_under_way_is_none_yet(printed, staff, now):
    services.correct(printed, user=staff["head"], at=now, kind="correction", reason="数字有误")
    printed.refresh_from_db()
    assert verify(printed) is None
    services.spike(printed, user=staff["chief"], at=now, reason="不更正")
    printed.refresh_from_db()
    assert verify(printed) is None
    corrected(printed, staff, now)
    assert verify(printed) is None


def test_the_note_in_print_is_the_one_in_the_log(printed, staff, now):
    """Whatever the article's column says: the log is sealed, the column is not."""
    services.correct(printed, user=staff["head"], at=now, kind="correction", reason="数字有误")
    Article.objects.filter(pk=printed.pk).update(correction_note="没有错")
    assert "更正" in verify(printed).why
    for reader in ("head", "chief"):
        printed.refresh_from_db()
        factories.sign_review(printed, user=staff[reader], at=now)
    printed.refresh_from_db()
    assert [row["note"] for row in printed.story.corrections] == ["数字有误"]
    assert Correction.objects.get().note == "数字有误"


def test_another_reason_for_a_withdrawal_is_found(printed, staff, now):
    services.withdraw(printed, user=staff["chief"], at=now, reason="失实")
    Story.objects.filter(pk=printed.story_id).update(withdrawal_reason="应作者要求")
    assert "撤" in verify(printed).why


def test_a_release_that_was_moved_or_taken_back_is_sound(printed, staff, now):
    hour, chief = dt.timedelta(hours=1), staff["chief"]
    later = factories.make_draft(staff["correspondent"], now)
    services.submit(later, user=staff["correspondent"], at=now)
    factories.pass_all(later, staff, now)
    for hours in (5, 3, 9):
        services.release(later, user=chief, at=now, release_at=now + hours * hour)
        later.refresh_from_db()
        assert verify(later) is None
    Story.objects.filter(pk=later.story_id).update(release_at=now + 3 * hour)
    assert "时间" in verify(later).why
    services.unrelease(later, user=chief, at=now)
    later.refresh_from_db()
    services.release(later, user=chief, at=now)
    assert verify(later) is None


def test_a_seal_put_on_a_row_that_printed_nothing_is_found(printed, staff, now):
    services.correct(printed, user=staff["head"], at=now, kind="correction", reason="数字有误")
    assert verify(printed) is None
    Story.objects.filter(pk=printed.story_id).update(summary="改了")
    forged = snapshot_sha256(Story.objects.get(pk=printed.story_id))
    LogEntry.objects.filter(article=printed, transition="correct").update(printed=forged)
    assert verify(printed).row == LogEntry.objects.filter(article=printed).count()


def test_a_story_that_no_article_stands_behind_is_named(printed, capsys):
    story = Story.objects.get(pk=printed.story_id)
    story.pk, story.headline = None, "没有人签过"
    story.save(force_insert=True)
    with pytest.raises(CommandError, match=r"1 [篇处]有问题"):
        call_command("verify_signatures")
    assert "没有人签过" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change", [{"byline": [{"name": "x"}]}, {"photo_list": [{"x": 1}]}, {"corrections": [1]}]
)
def test_a_column_of_another_shape_is_found_and_stops_nothing(printed, change, capsys):
    Story.objects.filter(pk=printed.story_id).update(**change)
    assert verify(printed) is not None
    with pytest.raises(CommandError):
        call_command("verify_signatures")
    assert f"稿件 {printed.pk}" in capsys.readouterr().out


def test_a_review_taken_out_of_a_chain_that_was_computed_again_is_found(printed):
    """Each row begins in the state in which the row before ended."""
    row = LogEntry.objects.filter(article=printed, transition="approve").order_by("pk")[1]
    printed.reviews.filter(at=row.at, reviewer=row.by).delete()
    row.delete()
    previous = ""
    for entry in LogEntry.objects.filter(article=printed).order_by("pk"):
        entry.chain = previous = link(entry, previous)
        entry.save()
    Article.objects.filter(pk=printed.pk).update(chain=previous)
    printed.refresh_from_db()
    assert "状态" in verify(printed).why

"""Rule: only the archive is published without reviews, with a permanent mark."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.exceptions import Forbidden, Invalid
from articles.models import Article, LogEntry
from articles.services import ArchiveMark
from articles.services.audit_verify import verify
from ingest import services as ingest
from issues import services as issues
from issues.models import Issue, IssueLogEntry
from issues.services.anchor import write_anchor
from issues.services.anchor_verify import verify_anchor
from paper.models import Paper
from press.models import Story
from tests.helpers import factories
from tests.helpers.page_imports import PAGE, run, write

PASTE = "/desk/paste/"
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def preview(client, text: str = PAGE, **more) -> dict[str, str]:
    """Send the page's text; return the fields of the preview as a browser would send them."""
    page = client.post(PASTE, {"text": text, **more})
    forms, target = page.context["stories"], page.context["target"]
    fields = {
        f"{form.prefix}-{name}": form.initial.get(name) or ""
        for form in forms
        for name in form.fields
    }
    fields |= {f"{forms.prefix}-TOTAL_FORMS": len(forms), f"{forms.prefix}-INITIAL_FORMS": 0}
    if "file_name" in target.fields:
        fields["file_name"] = target.initial["file_name"]
    return {**fields, "bring-in": "1"}


def printed(date: dt.date) -> dict[str, object]:
    return {"target": "printed", "date": date.isoformat(), "page_number": 1}


@pytest.mark.parametrize("days", [0, 1, -1])
def test_nobody_brings_in_a_day_from_the_start_date_on_as_printed(desk, staff, now, days):
    """With today's date, a head could publish a text immediately, without a review."""
    today = timezone.localdate(now)
    Paper.objects.update(start_date=today - DAY)
    for role in ("head", "chief"):
        client = desk(role)
        answer = client.post(PASTE, {**preview(client), **printed(today + days * DAY)})
        assert not Story.objects.exists(), role
        if role == "chief":
            assert answer.status_code == 400
            assert "走三审" in answer.content.decode()


def test_only_the_chief_brings_in_printed_issues(desk, staff, now):
    day = timezone.localdate(now) - 30 * DAY
    for role in ("reporter", "editor", "head"):
        client = desk(role)
        text = PAGE.replace("云溪讯", f"云溪讯 {role}")
        client.post(PASTE, {**preview(client, text), **printed(day)})
        assert not Story.objects.exists(), role
        text = ingest.default_choice(ingest.read_page(PAGE))
        mark = ArchiveMark(role, staff[role])
        with pytest.raises(Forbidden):
            ingest.import_printed(text, date=day, page_number=1, mark=mark, at=now)
    client = desk("chief")
    client.post(PASTE, {**preview(client), **printed(day)})
    assert Story.objects.count() == 2


def test_the_commands_obey_the_start_date_and_name_operator_and_file(staff, tmp_path, now):
    Paper.objects.update(start_date=dt.date(2022, 10, 18))
    path = write(tmp_path, PAGE)
    with pytest.raises(CommandError, match="2022-10-18 以前"):
        run(path, "--issue", "2022-10-18", "--page", "1", "--as-printed")
    folder = tmp_path / "old"
    for day in ("2022-10-17", "2022-10-18"):
        (folder / day).mkdir(parents=True)
        (folder / day / "01.txt").write_text(f"{day}\n\n{PAGE}", encoding="utf-8")
    report = tmp_path / "report.txt"
    call_command("importarchive", str(folder), report=report, operator="值班员", workers=0)
    assert "2022-10-18 以前" in report.read_text(encoding="utf-8")
    assert Article.objects.count() == 2
    entry = LogEntry.objects.filter(transition="archive").first()
    assert entry.details["operator"] == "值班员"
    assert entry.details["file"] == "2022-10-17/01.txt"
    assert entry.details["start_date"] == "2022-10-18"
    row = IssueLogEntry.objects.get(action="archive")
    assert row.details == {"operator": "值班员", "files": ["2022-10-17/01.txt"]}


def test_the_mark_names_who_and_which_file_and_stays_on_the_sheet(desk, staff, now):
    day = timezone.localdate(now) - 30 * DAY
    client = desk("chief")
    upload = SimpleUploadedFile("要闻版.txt", PAGE.encode(), content_type="text/plain")
    client.post(PASTE, {**preview(client, file=upload), **printed(day)})
    article = Article.objects.first()
    assert article.log.get().details["file"] == "要闻版.txt"
    for _look in ("before", "after"):
        for address in ("sheet/", "change/"):
            page = client.get(f"/desk/articles/article/{article.pk}/{address}").content.decode()
            assert "旧报档案" in page
            assert "chief" in page
            assert "要闻版.txt" in page
        # A reviewed correction does not remove the mark.
        ask = {"kind": "correction", "reason": "人名有误"}
        client.post(
            f"/desk/articles/article/{article.pk}/correct/",
            {**ask, "version": Article.objects.get(pk=article.pk).version},
        )
        for reader in ("head", "chief"):
            if Article.objects.get(pk=article.pk).state != "approved":
                factories.sign_review(article, user=staff[reader], at=timezone.now())
    assert LogEntry.objects.filter(article=article, transition="approve").count() == 4
    assert verify(Article.objects.get(pk=article.pk)) is None


def test_a_file_name_that_the_browser_made_up_is_not_in_the_mark(desk, staff, now):
    client = desk("chief")
    day = timezone.localdate(now) - 30 * DAY
    client.post(PASTE, {**preview(client), **printed(day), "file_name": "县委文件.txt"})
    assert LogEntry.objects.filter(transition="archive").first().details["file"] == ""


@pytest.mark.parametrize("forged", ["unsigned", "mark"])
def test_a_story_with_neither_reviews_nor_mark_is_listed(staff, now, capsys, forged):
    article = factories.make_in("published", staff["correspondent"], now, headline="没有人审过")
    if forged == "mark":
        LogEntry.objects.create(
            article=article, transition="archive", from_state="draft", to_state="approved", at=now
        )
    with pytest.raises(CommandError):
        call_command("verify_signatures")
    assert "没有人审过" in capsys.readouterr().out


# The start date


def test_a_new_paper_starts_today_and_so_does_the_demo(db):
    from newsroom.demo import build

    build.set_up_paper()
    assert Paper.objects.get().start_date == timezone.localdate()


@pytest.mark.parametrize("role", ["chief", "head", "editor", "reporter", "correspondent"])
def test_only_an_administrator_changes_the_start_date(desk, staff, now, role):
    day = timezone.localdate(now) - 9 * DAY
    form = {"date": day.isoformat(), "reason": "旧系统用到那天"}
    assert desk(role).post("/desk/issues/issue/start-date/", form).status_code == 403
    with pytest.raises(Forbidden):
        issues.set_start_date(day, user=staff[role], at=now, reason="想改")
    assert Paper.objects.get().start_date == timezone.localdate()


def test_the_change_is_logged_with_both_days_and_the_reason(desk, staff, now):
    client = desk("administrator")
    day = timezone.localdate(now) - 9 * DAY
    form = {"date": day.isoformat(), "reason": "旧系统用到那天"}
    page = client.post("/desk/issues/issue/start-date/", form, follow=True)
    assert day.isoformat() in page.content.decode()
    assert Paper.objects.get().start_date == day
    note = AdminLogEntry.objects.get().get_change_message()
    for words in (timezone.localdate(now).isoformat(), day.isoformat(), "旧系统用到那天"):
        assert words in note
    history = client.get("/desk/paper/paper/1/history/").content.decode()
    assert "旧系统用到那天" in history


def test_the_stock_form_of_the_paper_does_not_change_it(desk, staff, now):
    client = desk("administrator")
    page = client.get("/desk/paper/paper/1/change/")
    fields = page.context["adminform"].form.initial
    data = {name: value for name, value in fields.items() if isinstance(value, str | int)}
    client.post("/desk/paper/paper/1/change/", {**data, "start_date": "2001-01-01"})
    assert Paper.objects.get().start_date == timezone.localdate()


def test_it_is_no_later_than_today_and_the_first_signature_made_here(desk, staff, now):
    """Otherwise an administrator and a chief could publish without reviews."""
    today = timezone.localdate(now)
    Paper.objects.update(start_date=today - 9 * DAY)
    admin = staff["administrator"]
    with pytest.raises(Invalid, match=today.isoformat()):
        issues.set_start_date(today + DAY, user=admin, at=now, reason="改")
    article = factories.make_in("first_review", staff["correspondent"], now)
    factories.sign_review(article, user=staff["editor"], at=now - 5 * DAY)
    with pytest.raises(Invalid, match=(today - 5 * DAY).isoformat()):
        issues.set_start_date(today, user=admin, at=now, reason="改")
    page = desk("administrator").post(
        "/desk/issues/issue/start-date/", {"date": today.isoformat(), "reason": "改"}
    )
    assert page.status_code == 400
    assert "启用日期最晚是" in page.content.decode()
    issues.set_start_date(today - 5 * DAY, user=admin, at=now, reason="改")


def test_a_reason_is_asked_for(desk, staff, now):
    page = desk("administrator").post(
        "/desk/issues/issue/start-date/", {"date": "2020-01-01", "reason": " "}
    )
    assert page.status_code == 400
    assert json.dumps(str(Paper.objects.get().start_date)) == json.dumps(str(timezone.localdate()))


def test_nothing_brought_in_makes_no_issue(desk, staff, now):
    client, day = desk("chief"), timezone.localdate(now) - 30 * DAY
    client.post(PASTE, {**preview(client), **printed(day)})
    assert Issue.objects.count() == 1
    again = client.post(PASTE, {**preview(client), **printed(day - DAY)}, follow=True)
    assert "以前已经导入" in again.content.decode()
    assert Issue.objects.count() == 1


def test_a_start_date_that_was_not_in_force_is_found(staff, now):
    """It was set in the tables for a minute: the mark contains it, the anchor does not."""
    write_anchor("daily", at=now - 2 * HOUR)
    Paper.objects.update(start_date=timezone.localdate(now))
    text = ingest.default_choice(ingest.read_page(PAGE))
    day = timezone.localdate(now) - DAY
    Paper.objects.update(start_date=day)
    write_anchor("daily", at=now - HOUR)
    Paper.objects.update(start_date=day + DAY)
    mark = ArchiveMark("chief", staff["chief"])
    ingest.import_printed(text, date=day, page_number=1, mark=mark, at=now)
    Paper.objects.update(start_date=day)
    report = verify_anchor(Path(settings.ANCHOR_FILE))
    assert len(report.problems) == 2
    assert "启用日期" in report.problems[0]


def test_a_start_date_in_the_future_is_found_without_an_anchor(staff, now):
    today = timezone.localdate(now)
    Paper.objects.update(start_date=today + DAY)
    text = ingest.default_choice(ingest.read_page(PAGE))
    mark = ArchiveMark("chief", staff["chief"])
    ingest.import_printed(text, date=today, page_number=1, mark=mark, at=now)
    assert "本系统" in verify(Article.objects.first()).why

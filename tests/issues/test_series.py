"""Rule: a series plans issues by weekday; a new issue takes over pages, numbers and times."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from articles.exceptions import Conflict, Forbidden, Invalid
from issues import services
from issues.models import Issue, Series
from issues.services import PagePlan, SeriesPattern
from press.models import Edition
from tests.helpers import factories

PAGES = [PagePlan(1, "要闻", 6000, 4, ("今日导读",)), PagePlan(2, "镇街", 5000, 3)]
MONDAY = dt.date(2030, 1, 7)


def pattern(**more) -> SeriesPattern:
    known = {
        "name": "平日版",
        "weekdays": "246",
        "cutoff_days": 1,
        "cutoff_time": dt.time(21, 30),
        "release_time": dt.time(7, 0),
    }
    return SeriesPattern(**known | more)


@pytest.fixture
def series(staff) -> Series:
    """Return a series for Tuesday, Thursday and Saturday."""
    return services.save_series(None, pattern(), PAGES, user=staff["chief"])


def local(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


def test_what_is_due_is_planned_with_the_hours_and_pages_of_the_series(series, staff):
    until = MONDAY + dt.timedelta(days=14)
    made = services.plan_ahead(user=staff["head"], until=until, today=MONDAY)
    assert [issue.date.isoweekday() for issue in made] == [2, 4, 6, 2, 4, 6]
    assert [issue.number for issue in made] == [1, 2, 3, 4, 5, 6]
    first = made[0]
    assert (local(first.cutoff_at), local(first.release_at)) == ("01-07 21:30", "01-08 07:00")
    page = first.pages.first()
    assert (page.name, page.room_chars, page.room_photos, page.columns) == (
        "要闻",
        6000,
        4,
        ["今日导读"],
    )
    assert services.plan_ahead(user=staff["head"], until=until, today=MONDAY) == []


def test_a_new_issue_takes_over_the_pages_of_the_last_one(series, staff, now):
    first = services.plan_issue(
        date=dt.date(2030, 1, 8), user=staff["chief"], series=series, pages=PAGES
    )
    changed = [plan._replace(editor=staff["editor"].pk) for plan in services.pages_of(first)]
    ids = list(first.pages.values_list("pk", flat=True))
    changed = [plan._replace(pk=pk) for plan, pk in zip(changed, ids, strict=True)]
    services.set_pages(
        first,
        [*changed, PagePlan(3, "副刊")],
        user=staff["chief"],
        at=now,
        version=first.version,
    )
    (second,) = services.plan_ahead(
        user=staff["chief"], until=dt.date(2030, 1, 10), today=dt.date(2030, 1, 8)
    )
    assert [(p.name, p.editor) for p in second.pages.all()] == [
        ("要闻", staff["editor"]),
        ("镇街", staff["editor"]),
        ("副刊", None),
    ]
    assert second.pages.first().columns == ["今日导读"]


def test_the_number_within_the_year_restarts(staff):
    days = [dt.date(2029, 12, 30), dt.date(2029, 12, 31), dt.date(2030, 1, 1)]
    made = [services.plan_issue(date=day, user=staff["chief"]) for day in days]
    assert [(i.number, i.year_number) for i in made] == [(1, 1), (2, 2), (3, 1)]
    with pytest.raises(Invalid, match="年度期号"):
        services.plan_issue(date=dt.date(2030, 1, 2), user=staff["chief"], year_number=1)


def test_a_special_issue_comes_out_beside_the_regular_one(client, staff, now):
    """Each has its own URL and its own stories."""
    for special in ("", "丰收节特刊"):
        issue = services.plan_issue(
            date=timezone.localdate(now),
            user=staff["chief"],
            special=special,
            pages=[(1, special or "要闻")],
            cutoff_at=now - dt.timedelta(hours=3),
            release_at=now - dt.timedelta(hours=2),
        )
        article = factories.make_in(
            "approved", staff["correspondent"], now, headline=special or "晨"
        )
        services.place(article, issue.pages.get(), user=staff["chief"], at=now)
        services.close(issue, user=staff["chief"], at=now)
        factories.sign_issue(issue, user=staff["chief"], at=now)
    regular, special = Edition.objects.order_by("part")
    assert special.get_absolute_url() == f"{regular.get_absolute_url()[:-1]}-2/"
    page = client.get(special.get_absolute_url()).content.decode()
    assert "丰收节特刊" in page
    assert client.get(f"{special.get_absolute_url()}1/").status_code == 200
    assert "丰收节特刊" not in client.get(regular.get_absolute_url() + "1/").content.decode()
    assert client.get(f"{regular.get_absolute_url()[:-1]}-3/").status_code == 404
    with pytest.raises(Invalid, match="这一天已有"):
        services.plan_issue(date=timezone.localdate(now), user=staff["chief"])


def test_two_series_do_not_share_a_day(series, staff):
    with pytest.raises(Invalid, match="星期六"):
        services.save_series(
            None, pattern(name="周末版", weekdays="67"), PAGES, user=staff["chief"]
        )
    with pytest.raises(Conflict, match="同名"):
        services.save_series(None, pattern(weekdays="7"), PAGES, user=staff["chief"])
    with pytest.raises(Forbidden):
        services.save_series(series, pattern(), PAGES, user=staff["editor"])


def test_a_page_with_articles_is_not_taken_out(staff, now):
    issue = services.plan_issue(date=dt.date(2030, 1, 8), user=staff["chief"], pages=PAGES)
    one, two = issue.pages.all()
    article = factories.make_in("approved", staff["correspondent"], now)
    services.place(article, two, user=staff["editor"], at=now)
    issue.refresh_from_db()
    only = [PagePlan(1, "要闻", pk=one.pk)]
    with pytest.raises(Invalid, match="第2版上还有稿件"):
        services.set_pages(issue, only, user=staff["chief"], at=now, version=issue.version)
    swapped = [PagePlan(1, "镇街", pk=two.pk), PagePlan(2, "要闻", pk=one.pk)]
    services.set_pages(issue, swapped, user=staff["chief"], at=now, version=issue.version)
    assert [page.pk for page in issue.pages.all()] == [two.pk, one.pk]
    with pytest.raises(Conflict):
        services.set_pages(issue, swapped, user=staff["chief"], at=now, version=issue.version)


def rows(*pages: dict[str, object]) -> dict[str, object]:
    sent: dict[str, object] = {"pages-TOTAL_FORMS": len(pages), "pages-INITIAL_FORMS": 0}
    for number, page in enumerate(pages):
        sent |= {f"pages-{number}-{name}": value for name, value in page.items()}
    return sent


def test_the_chief_sets_up_a_series_and_plans_from_the_calendar(desk, staff):
    chief = desk("chief")
    form = {
        "name": "平日版",
        "weekdays": list("1234567"),
        "cutoff_days": 1,
        "cutoff_time": "22:00",
        "release_time": "06:00",
        "is_active": "on",
    }
    bad = form | rows({"number": 1, "name": "要闻"}, {"number": 1, "name": "镇街"})
    page = chief.post("/desk/issues/issue/series/add/", bad)
    assert page.status_code == 400
    assert "这个版号已经用了" in page.content.decode()
    good = form | rows(
        {"number": 2, "name": "镇街", "columns": "天气，诗词"}, {"number": 1, "name": "要闻"}
    )
    assert chief.post("/desk/issues/issue/series/add/", good).status_code == 302
    assert [(p.name, p.columns) for p in Series.objects.get().pages.all()] == [
        ("要闻", []),
        ("镇街", ["天气", "诗词"]),
    ]
    calendar = chief.get("/desk/issues/issue/").content.decode()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "今后两周" in calendar
    chief.post("/desk/issues/issue/ahead/")
    assert Issue.objects.count() == 14
    assert Issue.objects.get(date=tomorrow).series == Series.objects.get()
    month = chief.get(f"/desk/issues/issue/?month={tomorrow:%Y-%m}").content.decode()
    assert 'class="day-issue is-planning"' in month
    for odd in ("2026-13", "abc", "0000-01", "9999-12", "１２"):
        assert chief.get("/desk/issues/issue/", {"month": odd}).status_code == 200


def test_one_more_page_keeps_what_was_typed(desk, staff):
    issue = services.plan_issue(date=dt.date(2030, 1, 8), user=staff["chief"], pages=[(1, "要闻")])
    url = f"/desk/issues/issue/{issue.pk}/pages/"
    page = issue.pages.get()
    sent = rows({"pk": page.pk, "number": 1, "name": "要闻头版", "columns": "导读"})
    shown = desk("head").post(url, sent | {"then": "more-pages", "version": issue.version})
    text = shown.content.decode()
    assert 'value="要闻头版"' in text
    assert 'name="pages-1-name"' in text
    sent = rows(
        {
            "pk": page.pk,
            "number": 1,
            "name": "要闻头版",
            "chars": 6000,
            "editor": staff["editor"].pk,
        },
        {"number": 2, "name": "镇街"},
        {"number": 3},
    )
    assert desk("head").post(url, sent | {"version": issue.version}).status_code == 302
    assert [(p.number, p.name, p.editor) for p in issue.pages.all()] == [
        (1, "要闻头版", staff["editor"]),
        (2, "镇街", None),
    ]
    assert desk("editor").get(url).status_code == 403
    assert desk("correspondent").get("/desk/issues/issue/series/").status_code in {403, 404}

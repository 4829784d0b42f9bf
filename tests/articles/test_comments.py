"""Rule: a comment stays with its paragraph, notifies whom it mentions, and is never published."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import services
from articles.models import Article, Comment
from articles.querysets import people_of_record
from articles.services import comments, permissions
from articles.workflow.states import State
from notifications.models import Notification
from tests.helpers import factories
from textkit import comment_anchors
from textkit.body import Body
from textkit.html import sanitise

ONE = "六座水闸都装上了电动机，看闸人老罗松了一口气。"
TWO = "过去摇一次闸要两个人，一个小时。"
THREE = "今年汛期，镇上还要修两座泵站。"
BODY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"


def article_in(staff, now, state="first_review", body=BODY, **more) -> Article:
    return factories.make_in(state, staff["correspondent"], now, body=body, **more)


def url_of(article: Article) -> str:
    return f"/desk/articles/article/{article.pk}/comments/"


def screen(client, article: Article) -> str:
    return client.get(f"/desk/articles/article/{article.pk}/change/").content.decode()


def beside(page: str) -> dict[str, str]:
    """Return the text of each block of the article screen, with its comments."""
    parts = re.split(
        r'<div class="noted[^"]*" id="p\d+"\s+data-noted>', page.split('id="comments"')[0]
    )
    found = {}
    for part in parts[1:]:
        text, _mark, side = part.partition('<div class="noted-side">')
        found[re.sub(r"<[^>]+>", "", text).strip()] = side
    return found


def rewrite(article: Article, body: str, user: User, now) -> None:
    services.take(article, user=user, at=now)
    article.refresh_from_db()
    content = factories.content(article.headline, body=body)
    services.save_article(article, content, user=user, at=now, base_version=article.version)
    article.refresh_from_db()
    services.leave(article, user=user, at=now)


SOURCES = [
    BODY,
    "",
    "没有标签的字",
    "开头的字<p>一段</p>末尾的字",
    "<h2>小标题</h2><p>一<br>二</p><ul><li>甲</li><li><p>乙</p></li></ul><p>丙</p>",
    "<table><tbody><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></tbody></table><p>四</p>",
    "<blockquote><p>引</p><p>文</p></blockquote><p><strong>粗</strong>和<a href='/x'>链</a></p>",
    "<ol><li>甲<ul><li>子</li></ul></li></ol>",
    "<p>a &lt;b&gt; &amp;</p><p></p><p>c</p>",
]


@pytest.mark.parametrize("source", SOURCES)
def test_blocks_are_the_text_and_count_its_paragraphs(source):
    clean = sanitise(source)
    found = comment_anchors.anchored(Body(clean))
    assert "".join(block.html for block in found) == clean
    assert sum(block.count for block in found) == len(Body(clean).paragraphs)
    for block in found:
        assert Body(block.html).paragraphs == Body(clean).paragraphs[block.first :][: block.count]


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ([ONE, TWO, THREE], 1),
        (["新的一段。", ONE, TWO], 2),
        ([TWO, ONE, TWO], 0),
        ([ONE, "过去摇一次闸要三个人，整整一个小时。", THREE], 1),
        ([ONE, THREE], None),
        ([], None),
    ],
)
def test_a_paragraph_is_found_again(texts, place):
    number = 0 if texts[:1] == [TWO] else 1
    assert comment_anchors.find_anchor(TWO, number, texts) == place


@pytest.mark.parametrize("state", list(State))
def test_who_may_read_the_record_comments_and_nobody_else(desk, staff, now, state):
    article = article_in(staff, now, state)
    for role, user in staff.items():
        sees = permissions.may(article, "view", user, now)
        may = permissions.may(article, "history", user, now)
        response = desk(role).post(url_of(article), {"text": f"{role} 看过"})
        assert response.status_code == (302 if may else 403 if sees else 404), role
        assert ("看过" in screen(desk(role), article)) is may
    assert article.comments.count() >= 2 or state == State.DRAFT


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("section", ["news", "literature"])
def test_who_can_be_mentioned_is_who_sees_the_record(staff, now, state, section):
    article = article_in(staff, now, state, section=section)
    able = {user.pk for user in staff.values() if permissions.may(article, "history", user, now)}
    assert {user.pk for user in people_of_record(article)} == able


def test_it_stands_beside_its_paragraph_and_goes_with_it(desk, staff, now):
    article = article_in(staff, now)
    editor = desk("editor")
    editor.post(url_of(article), {"text": "真是两个人？", "paragraph": 1, "revision": 1})
    assert "真是两个人？" in beside(screen(editor, article))[TWO]
    rewrite(article, f"<p>加了一段。</p>{BODY}", staff["editor"], now)
    assert "真是两个人？" in beside(screen(desk("head"), article))[TWO]
    changed = "过去摇一次闸要三个人，整整一个小时。"
    rewrite(article, f"<p>{changed}</p><p>{ONE}</p>", staff["editor"], now)
    assert "真是两个人？" in beside(screen(desk("head"), article))[changed]
    rewrite(article, f"<p>{ONE}</p>", staff["editor"], now)
    page = screen(desk("head"), article)
    assert "真是两个人？" not in "".join(beside(page).values())
    assert "原段落已不在" in page
    assert TWO in page


def test_it_is_kept_with_the_text_that_was_read(staff, now):
    article = article_in(staff, now)
    rewrite(article, f"<p>{THREE}</p><p>{TWO}</p><p>{ONE}</p>", staff["editor"], now)
    made = comments.add_comment(
        article, text="查", user=staff["head"], at=now, paragraph=0, revision=1
    )
    assert (made.quote, made.revision_number) == (ONE, 1)


def test_the_editing_user_sees_them_below_the_form(desk, staff, now):
    article = article_in(staff, now)
    comments.add_comment(article, text="核对人名", user=staff["head"], at=now, paragraph=0)
    services.take(article, user=staff["editor"], at=now)
    page = screen(desk("editor"), article)
    form, _mark, below = page.partition('id="comments"')
    assert "核对人名" not in form
    assert "核对人名" in below
    assert ONE[:10] in below
    assert not re.search(r"<form(?:(?!</form>).)*<form", page, re.DOTALL), "no form in a form"


def test_reply_settle_and_open_again(desk, staff, now):
    article = article_in(staff, now)
    first = comments.add_comment(article, text="是哪座闸？", user=staff["editor"], at=now)
    author = desk("correspondent")
    author.post(url_of(article), {"text": "白沙的", "parent": first.pk})
    reply = first.replies.get()
    author.post(url_of(article), {"text": "东边那座", "parent": reply.pk})
    assert [r.text for r in first.replies.all()] == ["白沙的", "东边那座"], "answers do not nest"
    url = f"{url_of(article)}{first.pk}/"
    assert author.post(url + "settle/").status_code == 302
    first.refresh_from_db()
    assert first.resolved_by == staff["correspondent"]
    assert author.post(url + "settle/").status_code == 409
    assert "由 correspondent 处理" in screen(author, article)
    assert author.post(url + "reopen/").status_code == 302
    assert author.post(url + "reopen/").status_code == 409
    assert author.post(url + "explode/").status_code == 404
    assert author.get(url + "settle/").status_code == 405


def test_authors_delete_their_own_comment_until_somebody_replies(desk, staff, now):
    article = article_in(staff, now)
    made = comments.add_comment(article, text="看错了", user=staff["editor"], at=now)
    url = f"{url_of(article)}{made.pk}/take-back/"
    assert desk("head").post(url).status_code == 403
    comments.add_comment(article, text="是的", user=staff["head"], at=now, parent=made.pk)
    assert desk("editor").post(url).status_code == 409
    made.replies.all().delete()
    assert desk("editor").post(url).status_code == 302
    assert desk("editor").post(url).status_code == 409, "it is gone already"
    assert not Comment.objects.exists()


def test_a_comment_of_another_article_is_not_touched(desk, staff, now):
    article, other = article_in(staff, now), article_in(staff, now, section="literature")
    made = comments.add_comment(other, text="别处", user=staff["head"], at=now)
    editor = desk("editor")
    assert editor.post(f"{url_of(article)}{made.pk}/settle/").status_code == 409
    assert editor.post(url_of(article), {"text": "答", "parent": made.pk}).status_code == 409
    assert editor.post(f"{url_of(other)}{made.pk}/settle/").status_code == 404


def test_a_mention_tells_once_with_a_link(desk, staff, now, django_capture_on_commit_callbacks):
    article = article_in(staff, now)
    Notification.objects.all().delete()
    desk("editor").post(url_of(article), {"text": "@head 请定夺，@HEAD，还有 @editor"})
    notification = Notification.objects.get()
    made = Comment.objects.get()
    assert notification.user == staff["head"]
    assert notification.url.endswith(f"/{article.pk}/change/#comment-{made.pk}")
    assert "请定夺" in notification.text
    assert set(made.mentions.all()) == {staff["head"], staff["editor"]}


@pytest.mark.parametrize(
    ("text", "logins", "unknown"),
    [
        ("@罗小满请看", ["luo"], []),
        ("请 @罗小满2号 看", ["luo2"], []),
        ("@luo.", ["luo"], []),
        ("@luo2,@luo", ["luo2", "luo"], []),
        ("@luo3 呢", [], ["luo3"]),
        ("写信到 someone@luo.example", [], []),
        ("@ 空的 @@ @，", [], []),
        ("@生人", [], ["生人"]),
    ],
)
def test_whom_a_text_mentions(text, logins, unknown):
    people = [
        User(pk=1, username="luo", last_name="罗", first_name="小满"),
        User(pk=2, username="luo2", last_name="罗", first_name="小满2号"),
    ]
    found, nobody = comments.mentions(text, people)
    assert ([user.username for user in found], nobody) == (logins, unknown)


@pytest.mark.parametrize("name", ["nobody", "reporter"])
def test_who_may_not_see_it_cannot_be_mentioned_and_nothing_is_lost(desk, staff, now, name):
    article = article_in(staff, now)
    response = desk("editor").post(
        url_of(article), {"text": f"@{name} 请核对这一段", "paragraph": 1, "revision": 1}
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert "请核对这一段" in page
    assert f"“{name}”" in html.unescape(page)
    assert TWO in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "批注"),
        ({"text": " \u3000\n"}, "批注"),
        ({"text": "长" * 1001}, "长长长"),
        ({"text": "留着", "paragraph": "99"}, "留着"),
        ({"text": "留着", "paragraph": "x"}, "留着"),
        ({"text": "留着", "revision": "9" * 30}, "留着"),
        ({"text": "留着", "parent": "'"}, "留着"),
        ({"text": "\x00"}, "批注"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, staff, now, data, said):
    response = desk("editor").post(url_of(article_in(staff, now)), data)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_is_shown_as_text(desk, staff, now):
    article = article_in(staff, now)
    text = "<script>alert(1)</script>{{ 7|add:7 }}"
    comments.add_comment(article, text=text, user=staff["editor"], at=now, paragraph=0)
    page = screen(desk("editor"), article)
    assert "<script>alert" not in page
    assert html.escape(text) in page


def test_findings_stand_beside_their_paragraph(desk, staff, now):
    body = f"<p>{ONE}</p><p>他说,今天的的天气好。</p>"
    article = article_in(staff, now, body=body)
    found = beside(screen(desk("head"), article))
    assert "noted-finding" in found["他说,今天的的天气好。"]
    assert "noted-finding" not in found[ONE]


def test_the_same_queries_for_3_and_60_comments(desk, staff, now):
    article = article_in(staff, now)
    client, counts = desk("head"), []
    url = f"/desk/articles/article/{article.pk}/change/"
    for many in (3, 57):
        for n in range(many):
            made = comments.add_comment(
                article, text=f"批注{n}", user=staff["editor"], at=now, paragraph=n % 3
            )
            comments.add_comment(article, text="答", user=staff["head"], at=now, parent=made.pk)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_comments_never_reach_the_press(client, desk, staff, now):
    canary = "金丝雀批注"
    article = article_in(staff, now)
    made = comments.add_comment(article, text=canary, user=staff["editor"], at=now, paragraph=1)
    comments.add_comment(article, text=f"{canary}之答", user=staff["head"], at=now, parent=made.pk)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now, release_at=now)
    article.refresh_from_db()
    services.correct(article, user=staff["head"], at=now, kind="correction", reason="更正数字")
    comments.add_comment(article, text=f"{canary}再看", user=staff["head"], at=now)
    for model in apps.get_app_config("press").get_models():
        rows = json.dumps(list(model.objects.values()), default=str, ensure_ascii=False)
        assert canary not in rows, model
    for revision in article.revisions.all():
        assert canary not in json.dumps(revision.content, ensure_ascii=False)
    client.logout()
    story = article.story
    for url in public_addresses(client, story.get_absolute_url()):
        response = client.get(url, follow=True)
        page = b"".join(response) if response.streaming else response.content
        assert canary not in page.decode(errors="replace"), url
    assert ONE[:8] in client.get(story.get_absolute_url()).content.decode()


def public_addresses(client, *first: str) -> set[str]:
    """Return every public URL that is linked from these and from the homepage."""
    seen: set[str] = set()
    todo = ["/", "/issues/", "/corrections/", *first]
    while todo and len(seen) < 60:
        url = todo.pop()
        if url in seen or url.startswith("/desk"):
            continue
        seen.add(url)
        response = client.get(url, follow=True)
        if not response.streaming:
            found = re.findall(
                r'(?:href|src)="(/[^"#]*)"', response.content.decode(errors="replace")
            )
            todo += [link for link in found if not link.startswith(("/static", "/desk"))]
    return seen

"""The form that a correspondent writes in, on a phone, with and without JavaScript."""

from __future__ import annotations

import gzip
import io
import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import services
from articles.content import PhotoRow
from articles.forms.lead_sentence import lead_sentence
from articles.models import Article
from articles.selectors.progress import progress_of
from articles.services import comments
from articles.services.publishing import PrintedPlace, publish_articles
from bylines.models import Contributor
from paper.models import Section, Town
from photos.models import Photo
from photos.services import add_photo
from press.models import Story
from tests.helpers import factories
from tests.helpers.article_forms import ADD, FORM, change
from tests.helpers.odd_photos import JPEG


def photo_file(name: str = "a.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or factories.picture(), content_type="image/jpeg")


def upload(user, at) -> Photo:
    return add_photo(data=factories.picture(), caption="", user=user, at=at)


def test_the_form_is_filled_from_his_record(desk, staff, town):
    person = Contributor.objects.get(user=staff["correspondent"])
    person.name, person.town, person.unit = "罗春生", town, "镇文化站"
    person.save()
    page = desk("correspondent").get(ADD).content.decode()
    assert f"通讯员 {person.name}" in page
    assert 'value="镇文化站"' in page
    assert re.search(rf'name="towns" value="{town.pk}"[^>]* checked', page)
    assert 'class="article-grid with-form is-plain"' in page


def test_others_have_the_full_form(desk):
    for role in ("reporter", "editor", "chief"):
        assert "is-plain" not in desk(role).get(ADD).content.decode()


@pytest.mark.parametrize(
    ("when", "where", "what", "sentence"),
    [
        ("11月25日", "白沙镇", "六座水闸通了电", "11月25日，白沙镇六座水闸通了电。"),
        ("11月25日", "白沙镇", "白沙镇水闸通了电！", "11月25日，白沙镇水闸通了电！"),
        ("", "", "水闸通了电", "水闸通了电。"),
        ("11月25日", "白沙镇", "  ", ""),
    ],
)
def test_what_where_and_when_make_the_first_sentence(when, where, what, sentence):
    assert lead_sentence(when, where, what) == sentence


def test_the_first_sentence_stands_before_the_text_once(desk):
    lead = {"lead_when": "11月25日", "lead_where": "白沙镇", "lead_what": "水闸<通>了电"}
    desk("correspondent").post(ADD, FORM | lead)
    article = Article.objects.get()
    first = "<p>11月25日，白沙镇水闸&lt;通&gt;了电。</p>"
    assert article.body == f"{first}\n<p>第一段</p>\n<p>第二段</p>"
    again = FORM | lead | {"version": 1, "body": article.body, "body_format": "html"}
    desk("correspondent").post(change(article), again)
    article.refresh_from_db()
    assert article.body.count(first) == 1


def test_without_javascript_paragraphs_lists_and_tables_stay(desk, staff, now):
    """What the server shows in the text area goes back as it came."""
    body = (
        "<p>甲<strong>乙</strong></p>\n<h2>小标题</h2>\n<ul><li>一</li><li>二</li></ul>\n"
        "<table><tbody><tr><td>丙</td><td>丁</td></tr></tbody></table>"
    )
    article = factories.make_draft(staff["correspondent"], now, body=body)
    client = desk("correspondent")
    page = client.get(change(article)).content.decode()
    typed = unescape(re.search(r'<textarea name="body"[^>]*>\n?(.*?)</textarea>', page, re.S)[1])
    assert "甲**乙**" in typed
    assert "<" not in typed
    client.post(change(article), FORM | {"version": 1, "body": typed, "headline": "只改标题"})
    article.refresh_from_db()
    assert article.headline == "只改标题"
    assert article.body == body


def test_what_light_markup_cannot_say_is_shown_as_html(desk, staff, now):
    body = '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>'
    article = factories.make_draft(staff["correspondent"], now, body=body)
    page = desk("correspondent").get(change(article)).content.decode()
    assert 'name="body_format" value="html"' in page
    assert unescape(page).count(body) >= 1


def test_the_server_turns_light_markup_into_html_for_the_editor(desk):
    response = desk("correspondent").post(
        "/desk/articles/article/body/", {"body": "# 题\n<b>", "body_format": "light"}
    )
    assert response.content.decode() == "<h2>题</h2>\n<p>&lt;b&gt;</p>"


# Photos: none is lost, none is another's.


def test_a_photo_of_a_refused_form_is_kept(desk):
    client = desk("correspondent")
    bad = FORM | {"kicker": "长" * 121, "photos-0-caption": "换闸", "photos-0-credit": "甲乙"}
    page = client.post(ADD, bad | {"photos-0-file": photo_file()}).content.decode()
    photo = Photo.objects.get()
    assert f'name="photos-0-photo" value="{photo.pk}"' in page
    assert photo.token in page
    assert "换闸" in page
    good = FORM | {"photos-0-caption": "换闸", "photos-0-credit": "甲乙"}
    client.post(ADD, good | {"photos-0-photo": photo.pk})
    row = Article.objects.get().article_photos.get()
    assert (row.photo, row.caption) == (photo, "换闸")
    assert [credit.contributor.name for credit in photo.credits.all()] == ["甲乙"]


def test_a_file_that_is_no_photo_is_said_at_its_row(desk):
    files = {"photos-0-file": photo_file(data=b"GIF89a no"), "photos-TOTAL_FORMS": 1}
    response = desk("correspondent").post(ADD, FORM | files)
    page = response.content.decode()
    assert response.status_code == 400
    assert re.search(r'href="#id_photos-0-file">图1，新照片: ', page)
    assert "第一段" in page


def test_one_more_row_without_javascript_saves_nothing_and_loses_nothing(desk):
    form = FORM | {"then": "more-photos", "photos-0-file": photo_file()}
    page = desk("correspondent").post(ADD, form).content.decode()
    assert not Article.objects.exists()
    assert "第二段" in page
    assert Photo.objects.get().token in page
    assert 'name="photos-1-file"' in page


def test_a_photo_is_sent_ahead(desk):
    client = desk("correspondent")
    answer = client.post("/desk/articles/article/photos/", {"file": photo_file()}).json()
    assert client.get(answer["url"]).status_code == 200
    assert desk("reporter").get(answer["url"]).status_code == 404
    bad = client.post("/desk/articles/article/photos/", {"file": photo_file(data=b"x")})
    assert (bad.status_code, "照片" in bad.json()["problem"]) == (400, True)
    assert client.post("/desk/articles/article/photos/").status_code == 400
    refused = desk("administrator").post("/desk/articles/article/photos/", {"file": photo_file()})
    assert refused.status_code == 403


def test_nobody_places_the_photo_of_another(desk, staff, now):
    """A foreign id in the form, in the text or in the editor's HTML shows nothing of the photo."""
    foreign = upload(staff["reporter"], now)
    client = desk("correspondent")
    form = FORM | {"photos-0-photo": foreign.pk, "body": "甲\n［图1］"}
    client.post(ADD, form)
    html = f'<p>甲</p><figure data-photo="{foreign.pk}"></figure>'
    client.post(ADD, FORM | {"body": html, "body_format": "html"})
    for article in Article.objects.all():
        assert article.body == "<p>甲</p>"
        assert not article.photos.exists()
    bad = client.post(ADD, form | {"kicker": "长" * 121}).content.decode()
    assert foreign.token not in bad


def test_a_photo_is_placed_by_its_number(desk, staff, now):
    photo = upload(staff["correspondent"], now)
    form = FORM | {"photos-0-photo": photo.pk, "body": "甲\n［图1］\n乙"}
    client = desk("correspondent")
    client.post(ADD, form)
    article = Article.objects.get()
    placed = f'<p>甲</p>\n<figure data-photo="{photo.pk}"></figure>\n<p>乙</p>'
    assert article.body == placed
    page = client.get(change(article)).content.decode()
    assert "［图1］" in page
    # The editor names by its row a photo whose file comes with the form.
    row = '<p>甲</p><figure data-photo="row-2"></figure>'
    more = {"photos-TOTAL_FORMS": 2, "photos-INITIAL_FORMS": 1, "photos-1-file": photo_file()}
    client.post(change(article), form | more | {"version": 1, "body": row, "body_format": "html"})
    article.refresh_from_db()
    assert (
        article.body == f'<p>甲</p>\n<figure data-photo="{Photo.objects.latest("pk").pk}"></figure>'
    )


def test_a_photo_taken_out_leaves_the_text(desk, staff, now):
    photo = upload(staff["correspondent"], now)
    client = desk("correspondent")
    form = FORM | {"photos-0-photo": photo.pk, "body": "甲\n［图1］"}
    client.post(ADD, form)
    article = Article.objects.get()
    gone = form | {"version": 1, "photos-INITIAL_FORMS": 1, "photos-0-remove": "on"}
    client.post(change(article), gone)
    article.refresh_from_db()
    assert article.body == "<p>甲</p>"


def test_the_paper_shows_a_placed_photo_in_its_place(client, staff, now):
    first, second = upload(None, now), upload(None, now)
    article = factories.make_draft(
        staff["correspondent"],
        now,
        body=f'<p>甲</p><figure data-photo="{second.pk}"></figure><p>乙</p>',
        photos=(PhotoRow(first.pk, "在上面", "张 摄"), PhotoRow(second.pk, '在文中"<b>', "李 摄")),
        has_code=True,
    )
    article.approved_revision = article.revisions.get()
    publish_articles([PrintedPlace(article)], release_at=now)
    story = article.story
    page = client.get(story.get_absolute_url()).content.decode().partition("<main")[2]
    tokens = [print_.token for print_ in story.photos.all()]
    assert page.index(tokens[0]) < page.index("<p>甲</p>") < page.index(tokens[1])
    assert page.index(tokens[1]) < page.index("<p>乙</p>")
    assert page.count(f'{tokens[1]}/w64.jpg"') == 1
    assert "在文中&quot;&lt;b&gt;" in page
    assert "data-photo" not in page
    for photo in (first, second):
        assert photo.token not in page
    assert "在文中" not in Story.objects.get().summary


def test_the_desk_shows_a_placed_photo_in_its_place(desk, staff, now):
    photo = upload(staff["correspondent"], now)
    body = f'<p>甲</p><figure data-photo="{photo.pk}"></figure>'
    article = factories.make_in(
        "first_review", staff["correspondent"], now, body=body, photos=(PhotoRow(photo.pk, "闸"),)
    )
    page = desk("head").get(change(article)).content.decode()
    assert page.count(f'{photo.token}/1/w64.jpg"') == 1
    assert page.index("<p>甲</p>") < page.index(photo.token)
    revision = desk("head").get(f"/desk/articles/article/{article.pk}/revisions/1/")
    assert photo.token in revision.content.decode()


# Where it stands.


def test_the_author_follows_his_story(desk, staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    client = desk("correspondent")

    def seen() -> str:
        return re.sub(r"\s+", " ", client.get(change(article)).content.decode())

    services.submit(article, user=author, at=now)
    assert "等审稿人" in seen() or "收到" in seen()
    services.take(article, user=staff["editor"], at=now)
    assert "editor" in seen()
    services.return_article(article, user=staff["editor"], at=now, reason="缺时间地点")
    page = seen()
    assert page.index("缺时间地点") < page.index("id_headline")
    article.refresh_from_db()
    services.submit(article, user=author, at=now)
    factories.pass_all(article, staff, now)
    article.refresh_from_db()
    (progress,) = progress_of([article], now)
    assert [step.status for step in progress.steps] == ["done", "done", "done", "done", "now"]
    assert [step.who for step in progress.steps] == ["", "editor", "head", "chief", ""]


def test_why_it_was_withdrawn_is_said(desk, staff, now):
    article = factories.make_in("withdrawn", staff["correspondent"], now)
    (progress,) = progress_of([article], now)
    assert progress.why == "待核实"
    assert "待核实" in desk("correspondent").get(change(article)).content.decode()


def test_the_way_of_many_costs_no_more_queries(staff, now, django_assert_num_queries):
    for number in range(6):
        factories.make_in("first_review", staff["correspondent"], now, headline=f"第{number}篇")
    rows = list(Article.objects.for_lists())
    with django_assert_num_queries(4):
        progress_of(rows, now)


# On a slow line.


_ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"')
_IMPORT = re.compile(r'^import [^;]*?"\./([\w-]+\.js)"', re.M)


def assets_of(page: str) -> dict[str, bytes]:
    """Every file that the page loads at once, with the modules that its modules import."""
    found: dict[str, bytes] = {}
    todo = list(dict.fromkeys(_ASSET.findall(re.sub(r"#[^\"]*", "", page))))
    while todo:
        name = todo.pop()
        if name in found:
            continue
        with open(finders.find(name), "rb") as file:
            found[name] = file.read()
        if name.endswith(".js"):
            folder = name.rpartition("/")[0]
            todo += [f"{folder}/{other}" for other in _IMPORT.findall(found[name].decode())]
    return found


def test_the_form_is_small_on_the_wire(desk):
    """The page and all that a first visit loads: under 60 KB, static files as gzip (WhiteNoise)."""
    Town.objects.bulk_create(Town(name=f"第{n}镇", slug=f"town-{n}") for n in range(20))
    page = desk("correspondent").get(ADD)
    assets = assets_of(page.content.decode())
    assert "desk/editor.js" in assets
    # They come with the first use of the text area, and with the editor.
    assert not [name for name in assets if "prose" in name or "paste" in name]
    sizes = {name: len(gzip.compress(data, 9)) for name, data in assets.items()}
    total = len(page.content) + sum(sizes.values())
    print(len(page.content), sizes, total)
    assert total < 60_000


def test_a_photo_without_words_or_photographer_is_not_submitted(desk, staff, now):
    """Saving takes it; handing in says which photo lacks what."""
    client = desk("correspondent")
    photo = upload(staff["correspondent"], now)
    form = FORM | {
        "section": Section.objects.get(slug="news").pk,
        "byline": "通讯员 甲乙丙",
        "photos-0-photo": photo.pk,
        "photos-0-caption": "",
        "photos-0-credit": "",
    }
    assert client.post(ADD, form).status_code == 302
    article = Article.objects.get()
    url = f"/desk/articles/article/{article.pk}/change/"
    form |= {"version": 1, "then": "submit", "photos-INITIAL_FORMS": 1}
    page = client.post(url, form, follow=True).content.decode()
    assert "照片 1 没有图片说明" in page
    assert "照片 1 没有写明谁拍的" in page
    article.refresh_from_db()
    assert article.state == "draft"
    client.post(url, form | {"photos-0-caption": "新渠", "photos-0-credit": "丁戊己"})
    article.refresh_from_db()
    assert article.state == "first_review"


def test_the_words_of_the_file_before_the_browser_made_it_smaller_are_read(desk):
    exif = Image.Exif()
    exif[0x010E] = "shuizha"
    head = io.BytesIO()
    Image.new("RGB", (64, 48)).save(head, "JPEG", exif=exif.tobytes())
    client = desk("correspondent")
    for beginning, caption in ((head.getvalue()[:700], "shuizha"), (b"nothing", "")):
        parts = {"file": photo_file(), "head": photo_file(data=beginning)}
        answer = client.post("/desk/articles/article/photos/", parts).json()
        assert answer["caption"] == caption


def test_the_same_file_sent_again_is_the_same_photo(desk):
    client, address = desk("correspondent"), "/desk/articles/article/photos/"
    sent = [
        client.post(address, {"file": photo_file(data=JPEG), "key": "k" * 36}).json()
        for _time in range(2)
    ]
    assert sent[0]["photo"] == sent[1]["photo"]
    assert "很像" in client.post(address, {"file": photo_file(data=JPEG)}).json()["warning"]


def test_photos_change_places_without_javascript_and_the_text_follows(desk, staff, now):
    photos = [upload(staff["correspondent"], now) for _ in range(2)]
    form = FORM | {"photos-TOTAL_FORMS": 2, "body": "甲\r\n［图1］\r\n乙\r\n［图2］"}
    form |= {f"photos-{n}-photo": photo.pk for n, photo in enumerate(photos)}
    form |= {"photos-0-caption": "先", "photos-1-caption": "后", "then": "photo-up-1"}
    page = desk("correspondent").post(ADD, form).content.decode()
    assert not Article.objects.exists()
    captions = re.findall(r'name="photos-\d-caption" value="(.)"', page)
    assert captions == ["后", "先"]
    assert "甲\n［图2］\n乙\n［图1］" in page
    for odd in ("photo-up-0", "photo-up-99", "photo-up-x", "photo-up-"):
        # The first that is no button saves, and the photos stand in that story from then on.
        assert desk("correspondent").post(ADD, form | {"then": odd}).status_code in {200, 302, 400}


@pytest.mark.parametrize("odd", [{}, {"section": "", "lead_when": "11月2日", "body": " \n"}])
def test_an_empty_form_makes_no_article(desk, odd):
    """Neither by hand nor by itself: nobody wants a list of untitled drafts."""
    blank = FORM | {"headline": "", "body": ""} | odd
    response = desk("correspondent").post(ADD, blank)
    assert response.status_code == 400
    assert "还什么都没写" in response.content.decode()
    saved = desk("correspondent").post("/desk/articles/article/autosave/", blank)
    assert saved.json() == {"blank": True}
    assert not Article.objects.exists()


def test_what_is_missing_is_said_at_its_field_and_on_top(desk):
    desk("correspondent").post(ADD, FORM)
    article = Article.objects.get()
    form = FORM | {"headline": "", "version": article.version, "then": "submit"}
    response = desk("correspondent").post(change(article), form, follow=True)
    page = response.content.decode()
    assert 'href="#id_headline">缺主题' in page
    assert 'href="#id_section">' in page
    assert re.search(
        r'field-bad">\s*<label for="id_headline".*?errorlist[^>]*><li>缺主题', page, re.S
    )
    assert "您写的内容已保存" in page
    article.refresh_from_db()
    assert article.state == "draft"
    assert "缺主题" not in desk("correspondent").get(change(article)).content.decode()


def test_words_for_a_photo_that_was_not_chosen_are_not_dropped(desk):
    sent = FORM | {"photos-0-caption": "换闸"}
    page = desk("correspondent").post(ADD, sent)
    text = page.content.decode()
    assert page.status_code == 400
    assert "请选择这段文字所说的照片" in text
    assert 'value="换闸"' in text
    assert not Article.objects.exists()


def test_a_returned_story_leads_to_the_comments_that_are_open(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    comments.add_comment(article, text="哪一年？", user=staff["editor"], at=now)
    services.take(article, user=staff["editor"], at=now)
    services.return_article(article, user=staff["editor"], at=now, reason="补年份")
    page = desk("correspondent").get(change(article)).content.decode()
    assert '<a href="#comments">有 1 条批注未处理' in page

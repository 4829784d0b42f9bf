"""Rule: the article form loses no photo, and shows no photo of another user."""

from __future__ import annotations

import io
import re

from PIL import Image

from articles.content import PhotoRow
from articles.models import Article
from articles.services.publishing import PrintedPlace, publish_articles
from paper.models import Section
from photos.models import Photo
from press.models import Story
from tests.helpers import factories
from tests.helpers.article_forms import ADD, FORM, change, photo_file, upload
from tests.helpers.odd_photos import JPEG


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
    """A foreign id in the form, the text or the editor's HTML reveals nothing of the photo."""
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
    # The editor refers to a photo that is uploaded with the form by its row.
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


def test_a_photo_without_words_or_photographer_is_not_submitted(desk, staff, now):
    """It can be saved; submission says which photo lacks what."""
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
        # The first request without a button saves; from then on the photos belong to the story.
        assert desk("correspondent").post(ADD, form | {"then": odd}).status_code in {200, 302, 400}


def test_words_for_a_photo_that_was_not_chosen_are_not_dropped(desk):
    sent = FORM | {"photos-0-caption": "换闸"}
    page = desk("correspondent").post(ADD, sent)
    text = page.content.decode()
    assert page.status_code == 400
    assert "请选择这段文字所说的照片" in text
    assert 'value="换闸"' in text
    assert not Article.objects.exists()

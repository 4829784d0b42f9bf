"""Rule: a row of the form accepts the user's own photo, and reveals nothing of other photos."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import services
from articles.models import Article
from photos.models import Photo
from photos.services import add_photo, credit_line
from tests.helpers import factories
from tests.helpers.article_forms import ADD, FORM, change
from tests.helpers.library_photos import add, in_article
from tests.helpers.odd_photos import photo
from tests.helpers.photo_uploads import iptc

pytestmark = pytest.mark.django_db

UPLOAD = "/desk/articles/article/photos/"


def file(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", data or photo())


def signed(byline: str = "叶知秋") -> bytes:
    data = photo()
    return data[:2] + iptc(byline=byline) + data[2:]


def row(**values) -> dict:
    return {f"photos-0-{name}": value for name, value in values.items()}


# Which photos a form may name.


def test_the_credit_of_another_users_photo_is_not_revealed(desk, staff, now):
    """Rule: a forged form reveals neither the credit of a photo nor whether it exists."""
    theirs = add(staff["reporter"], now, "机密照片", by="线人老王")
    in_article(theirs, "draft", staff["reporter"], now)
    client = desk("correspondent")
    sent = FORM | row(caption="甲", credit="冒名者 摄")
    page = client.post(ADD, sent | row(photo=theirs.pk))
    assert page.status_code == 400
    assert "线人老王" not in page.content.decode()
    other = client.post(ADD, sent | row(photo=theirs.pk + 99))
    assert page.context["photos"].forms[0].errors == other.context["photos"].forms[0].errors
    assert credit_line(theirs) == "通讯员 线人老王 摄"


def test_a_photo_that_may_not_be_placed_is_refused_in_words(desk, staff, now):
    """Rule: it is not dropped silently, and a new file in its row is accepted."""
    theirs = add(staff["reporter"], now, "散图")
    client = desk("correspondent")
    page = client.post(ADD, FORM | row(photo=theirs.pk, caption="还在"))
    assert page.status_code == 400
    assert page.context["photos"].forms[0].errors["file"]
    assert "还在" in page.content.decode()
    assert not Article.objects.exists()
    shown = page.context["photos"].forms[0]["photo"].value()
    client.post(ADD, FORM | row(photo=shown, caption="还在", file=file()))
    assert Article.objects.get().photos.count() == 1


def test_an_own_photo_is_placed_however_many_came_after_it(desk, staff, now):
    mine = add_photo(data=photo(), caption="", user=staff["correspondent"], at=now)
    same = Photo.objects.filter(pk=mine.pk).values().get() | {"id": None}
    Photo.objects.bulk_create(Photo(**{**same, "token": f"{n:032x}"}) for n in range(100))
    desk("correspondent").post(ADD, FORM | row(photo=mine.pk, caption="甲"))
    assert list(Article.objects.get().photos.all()) == [mine]


def test_a_photo_that_the_story_had_before_can_be_put_back(desk, staff, now):
    """Rule: a user who had the form open while another removed the photo loses nothing."""
    mine = add(staff["correspondent"], now, "甲")
    article = in_article(mine, "draft", staff["correspondent"], now)
    by = {"user": staff["correspondent"], "at": now}
    services.save_article(article, factories.content(), base_version=article.version, **by)
    Photo.objects.update(uploaded_by=None)
    article.refresh_from_db()
    assert not article.photos.exists()
    sent = FORM | row(photo=mine.pk, caption="甲") | {"version": article.version}
    desk("correspondent").post(change(article), sent)
    assert list(article.photos.all()) == [mine]


# The photographer.


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("as offered", "叶知秋"), ("", "叶知秋"), ("沈知远", "沈知远")],
)
def test_a_byline_in_the_file_replaces_the_offer_and_nothing_typed(desk, staff, typed, printed):
    client = desk("correspondent")
    offered = client.get(ADD).context["photos"].forms[0]["credit"].value()
    assert offered
    credit = offered if typed == "as offered" else typed
    client.post(ADD, FORM | row(file=file(signed()), caption="甲", credit=credit))
    assert printed in credit_line(Article.objects.get().photos.get())


# The same photo again.


def said(client, data: bytes | None = None) -> str:
    return client.post(UPLOAD, {"file": file(data)}).json()["warning"]


def test_the_warning_tells_the_caption_only_to_who_may_see_the_photo(desk, staff, now):
    theirs = add(staff["reporter"], now, "还没公开的事")
    in_article(theirs, "draft", staff["reporter"], now)
    day = f"{now:%Y-%m}"
    assert "还没公开" in said(desk("reporter"))
    Photo.objects.exclude(pk=theirs.pk).delete()
    words = said(desk("correspondent"))
    assert "还没公开" not in words
    assert day in words


def test_the_warning_names_the_closest_photo_not_the_newest(now):
    first, near, far = (
        add_photo(data=photo(), caption=name, user=None, at=now) for name in ("甲", "乙", "丙")
    )
    Photo.objects.filter(pk=far.pk).update(fingerprint=first.fingerprint ^ 0b111)
    Photo.objects.filter(pk=near.pk).update(fingerprint=first.fingerprint ^ 0b1)
    assert Photo.objects.most_alike(first, now) == near
    assert set(Photo.objects.alike(first, now)) == {near, far}


def test_a_picture_of_one_colour_is_like_no_other(now):
    def flat(shade: int) -> Photo:
        out = io.BytesIO()
        Image.new("RGB", (120, 80), (shade, 90, 90)).save(out, "JPEG")
        return add_photo(data=out.getvalue(), caption="", user=None, at=now)

    one, _other = flat(20), flat(200)
    few = add_photo(data=photo(), caption="", user=None, at=now)
    Photo.objects.filter(pk=few.pk).update(fingerprint=0b11)
    few.refresh_from_db()
    assert not Photo.objects.alike(one, now)
    assert not Photo.objects.alike(few, now)


# Access to the file.


def test_who_finds_a_photo_in_the_library_sees_it(desk, staff, now):
    theirs = add(staff["reporter"], now, "散图")
    file_of = f"/desk/articles/article/photos/{theirs.token}/1/w{theirs.widths[-1]}.jpg"
    for role, code in (("administrator", 200), ("reporter", 200), ("head", 404)):
        assert desk(role).get(f"/desk/photos/{theirs.pk}/").status_code == code
        assert desk(role).get(file_of).status_code == code


def test_who_sees_the_record_sees_a_photo_that_was_taken_out(desk, staff, now):
    made = add(staff["reporter"], now, "换下的图")
    other = add(None, now, "别处的图", width=130)
    article = in_article(
        made,
        "draft",
        staff["reporter"],
        now,
        body=f'<p>甲</p><figure data-photo="{made.pk}"></figure>',
    )
    by = {"user": staff["reporter"], "at": now}
    services.save_article(article, factories.content(), base_version=article.version, **by)
    Photo.objects.update(uploaded_by=None)
    compare = desk("reporter").get(f"/desk/articles/article/{article.pk}/compare/").content.decode()
    revision = desk("reporter").get(f"/desk/articles/article/{article.pk}/revisions/1/")
    address = f"/desk/articles/article/{article.pk}/photos/{made.token}/1/w120.jpg"
    assert address in compare
    assert address in revision.content.decode()
    assert desk("reporter").get(address).status_code == 200
    assert desk("correspondent").get(address).status_code == 404
    foreign = address.replace(made.token, other.token)
    assert desk("reporter").get(foreign).status_code == 404


# Source and rights.


def test_source_and_rights_stand_in_the_row_and_are_saved_with_the_story(desk, staff, now):
    """Rule: the metadata of a new photo stays, unless it is cleared in the form."""
    data = photo()
    block = iptc(source="云溪图片社", rights="版权甲")
    client = desk("correspondent")
    sent = row(file=file(data[:2] + block + data[2:]), caption="甲", rights="只用一次")
    client.post(ADD, FORM | sent | row(source=""))
    article, made = Article.objects.get(), Photo.objects.get()
    assert (made.source, made.rights) == ("云溪图片社", "只用一次")
    shown = client.get(change(article)).context["photos"].forms[0]
    assert (shown["source"].value(), shown["rights"].value()) == ("云溪图片社", "只用一次")
    again = FORM | row(photo=made.pk, caption="甲", source="本报", rights="")
    client.post(change(article), again | {"version": 1, "photos-INITIAL_FORMS": 1})
    made.refresh_from_db()
    assert (made.source, made.rights) == ("本报", "")
    old_form = FORM | row(photo=made.pk, caption="乙")
    article.refresh_from_db()
    client.post(change(article), old_form | {"version": article.version, "photos-INITIAL_FORMS": 1})
    made.refresh_from_db()
    assert made.source == "本报"


def test_the_source_of_a_photo_in_two_stories_stays(desk, staff, now):
    mine = add(staff["correspondent"], now, "甲")
    article = in_article(mine, "draft", staff["correspondent"], now)
    in_article(mine, "draft", staff["reporter"], now)
    sent = row(photo=mine.pk, caption="甲", credit=credit_line(mine), source="别处")
    more = {"version": article.version, "photos-INITIAL_FORMS": 1}
    page = desk("correspondent").post(change(article), FORM | sent | more)
    assert page.status_code == 400
    assert page.context["photos"].forms[0].errors["source"]
    mine.refresh_from_db()
    assert mine.source == ""


def test_an_upload_tells_source_and_rights(desk):
    data = photo()
    sent = file(data[:2] + iptc(source="云溪图片社", rights="版权甲") + data[2:])
    answer = desk("correspondent").post(UPLOAD, {"file": sent}).json()
    assert (answer["source"], answer["rights"]) == ("云溪图片社", "版权甲")

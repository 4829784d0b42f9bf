"""Rule: an unused photo can be deleted; a photo that anything refers to, never."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import services
from articles.content import PhotoRow
from articles.models import Article, ArticlePhoto, Revision, UnsavedForm
from articles.services import orphan_photos
from photos.models import Photo
from photos.services import add_photo, set_focus
from tests.helpers import factories

OLD = timezone.now() - dt.timedelta(days=100)


@pytest.fixture
def author(staff):
    return staff["correspondent"]


@pytest.fixture
def photo(author, store) -> Photo:
    """Return a photo that was uploaded a hundred days ago and has new renditions since."""
    made = add_photo(data=factories.picture(), caption="水闸", user=author, at=OLD)
    set_focus(made, 20, 20)
    return made


def clean(*args: str) -> None:
    call_command("cleanphotos", *args)


def files(photo: Photo) -> list[str]:
    parent = photo.folder.rpartition("/")[0]
    found = [str(photo.file.name)] if default_storage.exists(str(photo.file.name)) else []
    for version in range(1, photo.version + 1):
        try:
            found += default_storage.listdir(f"{parent}/{version}")[1]
        except FileNotFoundError:
            continue
    return found


def test_a_loose_photo_is_listed_and_deleted_with_its_files(
    photo, capsys, django_capture_on_commit_callbacks
):
    clean()
    assert f"{photo.pk} " in capsys.readouterr().out
    assert Photo.objects.exists()
    assert len(files(photo)) > 3
    with django_capture_on_commit_callbacks(execute=True):
        clean("--delete")
    assert "删除了 1 张" in capsys.readouterr().out
    assert not Photo.objects.exists()
    assert files(photo) == []


def test_a_young_photo_stays(author, now):
    add_photo(data=factories.picture(), caption="", user=author, at=now - dt.timedelta(days=29))
    clean("--delete", "--days", "30")
    assert Photo.objects.exists()
    with pytest.raises(CommandError, match="30"):
        clean("--delete", "--days", "29")


def in_an_article(photo: Photo, author) -> None:
    factories.make_draft(author, OLD, photos=(PhotoRow(photo.pk),))


def in_an_earlier_revision(photo: Photo, author) -> None:
    in_an_article(photo, author)
    article = Article.objects.get()
    services.save_article(article, factories.content(), user=author, at=OLD, base_version=1)
    assert not article.photos.exists()


def in_a_text_kept_aside(photo: Photo, author) -> None:
    article = factories.make_draft(author, OLD)
    content = factories.content("另一稿", photos=(PhotoRow(photo.pk),))
    services.store_conflict_copy(
        article, content, user=author, at=OLD, base_version=1, window_id="tab-one-0001"
    )
    assert not article.photos.exists()


def in_print(photo: Photo, author) -> None:
    factories.make_story("水闸", OLD, photos=(PhotoRow(photo.pk),))
    ArticlePhoto.objects.all().delete()
    Revision.objects.update(content=factories.content().as_json())


def in_the_row_of_a_parked_text(photo: Photo, author) -> None:
    fields = [["photos-0-photo", str(photo.pk)], ["headline", "水闸"]]
    UnsavedForm.objects.create(owner=author, window_id="t", path="/", fields=fields, at=OLD)


def in_the_body_of_a_parked_text(photo: Photo, author) -> None:
    fields = [["body", f'<p>甲</p><figure data-photo="{photo.pk}"></figure>']]
    UnsavedForm.objects.create(owner=author, window_id="t", path="/", fields=fields, at=OLD)


PLACES = [
    in_an_article,
    in_an_earlier_revision,
    in_a_text_kept_aside,
    in_print,
    in_the_row_of_a_parked_text,
    in_the_body_of_a_parked_text,
]


@pytest.mark.parametrize("put", PLACES, ids=lambda put: put.__name__)
def test_a_photo_that_anything_names_stays(photo, author, put):
    put(photo, author)
    clean("--delete")
    assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.parametrize("put", [in_an_article, in_the_row_of_a_parked_text])
def test_a_photo_that_is_put_to_use_while_the_command_looks_stays(photo, author, now, put):
    found = orphan_photos.orphan_photos(before=now - dt.timedelta(days=90))
    assert found == [photo]
    put(photo, author)
    assert orphan_photos.delete_orphan_photos(found, began=now) == []
    assert Photo.objects.filter(pk=photo.pk).exists()

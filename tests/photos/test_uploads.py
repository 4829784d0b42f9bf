"""Rule: photos are checked by decoding, stored clean, and private until they are published."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage, storages
from django.utils import translation
from PIL import Image

from photos import services
from photos.error_messages import REFUSALS
from photos.exceptions import PhotoRefused
from photos.models import Photo
from photos.renditions import crop_box, fingerprint, widths
from photos.sandbox import client
from photos.services import add_photo, credit_line, set_credits, set_focus
from tests.helpers.odd_photos import REFUSED, TAKEN, photo
from tests.helpers.photo_uploads import add, iptc, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker(settings):
    """As in production, process each photo in a separate process."""
    settings.PHOTO_WORKER = True


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_in_words_and_nothing_is_stored(name, now):
    data, code = REFUSED[name]
    before = stored()
    with pytest.raises(ValidationError) as refusal:
        add(data, now)
    assert refusal.value.messages == [str(REFUSALS[code])]
    assert (stored(), Photo.objects.count()) == (before, 0)


def test_photos_lie_where_the_settings_say(now, store, settings):
    made = add(photo(), now)
    files = set(stored())
    assert made.file.name in files
    assert f"{made.folder}/w120.avif" in files
    is_in_folder = (Path(settings.MEDIA_ROOT) / made.file.name).exists()
    assert is_in_folder == (store == "folder")


def test_a_photo_that_cannot_be_noted_leaves_no_file(now, store):
    with pytest.raises(ValidationError):
        add(photo(), now, caption="", key="x" * 40)
    assert stored() == {}


@pytest.fixture
def failing_store(store, settings, monkeypatch):
    """Make the storage fail at the nth file from now on; call it with n."""
    from botocore.exceptions import ClientError

    error = ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")
    kind = type(storages["default"])
    real = kind._save

    def fail_at(n: int) -> None:
        left = iter(range(n - 1))

        def save(self, name, content):
            if next(left, None) is None:
                raise error
            return real(self, name, content)

        monkeypatch.setattr(kind, "_save", save)

    fail_at.error = ClientError
    return fail_at


def test_a_store_that_gives_up_half_way_keeps_nothing_of_a_photo(now, failing_store, settings):
    settings.PHOTO_WORKER = False
    failing_store(4)
    with pytest.raises(failing_store.error):
        add(photo(), now)
    assert (stored(), Photo.objects.count()) == ({}, 0)


def test_a_new_focal_point_that_cannot_be_stored_leaves_the_photo_as_it_was(
    now, failing_store, settings
):
    settings.PHOTO_WORKER = False
    made = add(photo(size=(1200, 500)), now)
    before = stored()
    failing_store(4)
    with pytest.raises(failing_store.error):
        set_focus(made, 0, 50)
    made.refresh_from_db()
    assert (made.version, made.focus_x) == (1, 50)
    assert stored() == before


def test_a_photo_is_turned_to_a_new_version_only_when_its_files_are_there(
    now, store, settings, monkeypatch
):
    settings.PHOTO_WORKER = False
    made = add(photo(size=(1200, 500)), now)
    real, seen = services._switch_version, []

    def turn(photo: Photo, version: int, x: int, y: int) -> None:
        seen.append(default_storage.exists(f"{photo.folder_of(version)}/c480.jpg"))
        real(photo, version, x, y)

    monkeypatch.setattr(services, "_switch_version", turn)
    set_focus(made, 0, 50)
    assert seen == [True]


def test_two_new_focal_points_at_once_take_no_files_from_each_other(
    now, settings, monkeypatch, django_capture_on_commit_callbacks
):
    """Rule: the second one gets a message and does not delete the files of the first one."""
    settings.PHOTO_WORKER = False
    made = add(photo(size=(1200, 500)), now)
    monkeypatch.setattr(services, "_free_version", lambda photo: 2)
    with django_capture_on_commit_callbacks(execute=True):
        set_focus(Photo.objects.get(), 0, 50)
    first = stored()
    with pytest.raises(ValidationError):
        set_focus(made, 90, 50)
    assert stored() == first
    assert Photo.objects.get().focus_x == 0


@pytest.mark.parametrize("day", ["0001:01:01", "9999:12:31", "0000:00:00", "2026:13:01"])
def test_a_day_that_no_photo_can_be_of_is_no_day(day, now, settings):
    settings.PHOTO_WORKER = False
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"{day} 00:00:00"
    assert add(photo(exif=exif.tobytes()), now).taken_at is None
    block, data = iptc(date=day.replace(":", "")), photo()
    assert add(data[:2] + block + data[2:], now).taken_at is None


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_odd_but_a_photo_is_taken(name, now):
    data, size = TAKEN[name]
    made = add(data, now)
    assert (made.width, made.height) == size
    with default_storage.open(made.file.name, "rb") as stream:
        assert Image.open(stream).size == size
    assert max(made.widths) <= size[0]


def test_every_refusal_has_its_words_in_both_languages():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert all(re.search(r"[一-鿿]", str(w)) for w in REFUSALS.values()) is (
                language != "en"
            )


@pytest.mark.parametrize(("limit", "value"), [("cpu", 0), ("memory", 40_000_000)])
def test_what_takes_too_long_or_too_much_memory_is_ended(limit, value, tmp_path, monkeypatch):
    monkeypatch.setattr(client, "LIMITS", replace(client.LIMITS, **{limit: value}))
    source = tmp_path / "sent"
    source.write_bytes(photo(size=(3000, 2000)))
    with pytest.raises(PhotoRefused) as refused:
        client.make_renditions(source, tmp_path)
    assert refused.value.code in {"too-much-work", "damaged"}


SECRETS = (b"GPS-SECRET", b"SN-0042", b"PHP-SECRET", b"THUMB-SECRET")


def marked() -> bytes:
    """Return a photo with a place, a serial number, a comment and a thumbnail."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0xA431] = "SN-0042"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 12.0), 0x1B: b"GPS-SECRET"})
    exif[0x010E] = "THUMB-SECRET"
    return photo(
        size=(900, 600), exif=exif.tobytes(), comment=b"PHP-SECRET", xmp=b"<x>GPS-SECRET</x>"
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_what_a_camera_notes_is_stored(kind, now, store):
    sent = marked()
    if kind != "JPEG":
        image = Image.open(io.BytesIO(sent))
        sent = photo(kind, size=(900, 600), exif=image.getexif().tobytes())
    add(sent, now, caption="看闸人")
    files = stored()
    assert len(files) > 8
    for name, data in files.items():
        assert not any(secret in data for secret in SECRETS), name
        image = Image.open(io.BytesIO(data))
        assert not dict(image.getexif()), name
        assert not set(image.info) & {"exif", "xmp", "comment", "icc_profile", "photoshop"}, name


def test_what_an_agency_wrote_comes_into_the_form(now):
    block = iptc(
        caption="白沙镇的水闸换了电动机",
        byline="叶知秋",
        source="云溪图片社",
        rights="云溪图片社版权",
        date="20261120",
        time="083000+0800",
    )
    data = photo()
    made = add(data[:2] + block + data[2:], now)
    assert made.caption == "白沙镇的水闸换了电动机"
    assert (made.found_byline, made.source, made.rights) == (
        "叶知秋",
        "云溪图片社",
        "云溪图片社版权",
    )
    assert made.taken_at.isoformat() == "2026-11-20T08:30:00+08:00"
    assert add(data[:2] + block + data[2:], now, caption="自己写的").caption == "自己写的"


def test_exif_in_gb_is_read_too(now):
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "X" * 8, "Y" * 9
    exif.get_ifd(0x8769)[0x9003] = "2026:11:21 17:05:00"
    block = exif.tobytes().replace(b"X" * 8, "晚稻收割".encode("gb18030"))
    made = add(photo(exif=block.replace(b"Y" * 9, "叶知秋".encode())), now)
    assert (made.caption, made.found_byline) == ("晚稻收割", "叶知秋")
    assert made.taken_at.isoformat() == "2026-11-21T17:05:00+08:00"


def test_the_same_sending_again_makes_no_second_photo(now, staff, store):
    user = staff["correspondent"]
    sent = [
        add_photo(data=photo(), caption="", user=user, at=now, key=key) for key in ("a", "a", "b")
    ]
    assert sent[0].pk == sent[1].pk != sent[2].pk
    other = add_photo(data=photo(), caption="", user=staff["reporter"], at=now, key="a")
    assert other.pk != sent[0].pk


def test_the_sizes_of_a_photo():
    assert widths((4000, 3000)) == [320, 480, 800, 1200, 1600]
    assert widths((1000, 700)) == [320, 480, 800]
    assert widths((1100, 700)) == [320, 480, 800, 1100]
    assert widths((64, 48)) == [64]
    assert widths((1000, 100_000)) == [32]


@pytest.mark.parametrize(
    ("size", "focus", "box"),
    [
        ((300, 200), (50, 50), (0, 0, 300, 200)),
        ((400, 200), (0, 50), (0, 0, 300, 200)),
        ((400, 200), (100, 50), (100, 0, 400, 200)),
        ((300, 400), (50, 10), (0, 0, 300, 200)),
        ((300, 400), (50, 60), (0, 140, 300, 340)),
    ],
)
def test_the_crop_holds_the_focal_point(size, focus, box):
    assert crop_box(size, focus) == box


def test_a_new_focal_point_makes_new_crops_and_leaves_no_old_ones(
    now, store, django_capture_on_commit_callbacks
):
    made = add(photo(size=(1200, 500)), now)
    before = stored()
    with django_capture_on_commit_callbacks(execute=True):
        set_focus(made, 0, 50)
    after = stored()
    assert made.version == 2
    assert len(after) == len(before)
    old, new = (
        next(d for n, d in files.items() if n.endswith("c480.jpg")) for files in (before, after)
    )
    assert old != new
    with pytest.raises(ValidationError):
        set_focus(made, 101, 50)


def test_the_same_picture_is_found_again(now):
    first = add(photo(size=(1200, 800)), now)
    smaller = add(photo("WEBP", size=(600, 400), quality=60), now)
    upside_down = io.BytesIO()
    Image.open(io.BytesIO(photo())).rotate(90).save(upside_down, "JPEG")
    add(upside_down.getvalue(), now)
    assert list(Photo.objects.alike(first, now)) == [smaller]
    Photo.objects.filter(pk=smaller.pk).update(uploaded_at=now - dt.timedelta(days=3 * 365))
    assert not Photo.objects.alike(first, now)


def test_a_fingerprint_fits_the_column():
    for shade in (0, 255):
        value = fingerprint(Image.new("L", (50, 50), shade))
        assert -(2**63) <= value < 2**63


def test_credits_are_printed_by_what_people_did(now):
    from bylines.services import match_or_create

    made = add(photo(), now)
    one, two = (match_or_create(name, "摄影")[0] for name in ("张禾", "李穗"))
    for rows, line in [
        ([(one, "摄影", "融媒体"), (two, "摄影", "通讯员")], "融媒体 张禾 通讯员 李穗 摄"),
        ([(one, "摄影", ""), (two, "供图", "")], "张禾 摄 李穗 供图"),
        ([(one, "图片", "")], "张禾 图"),
        ([], ""),
    ]:
        set_credits(made, rows)
        assert credit_line(made) == line

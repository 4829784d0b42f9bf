"""Rule: only the first picture of a phone's photo is stored; grey tones are preserved."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from photos import page_images, validation
from photos.error_messages import PAGE_REFUSALS
from photos.exceptions import PhotoRefused
from photos.models import Photo
from tests.helpers.odd_photos import DATA, MP4, half_of_two, photo, samsung, ultra_hdr
from tests.helpers.paths import SHARED
from tests.helpers.photo_uploads import add, stored

pytestmark = pytest.mark.django_db
CASES = SHARED / "cases"
UPLOAD = "/desk/articles/article/photos/"


def original(made: Photo) -> Image.Image:
    """Return the stored picture of a photo."""
    with default_storage.open(made.file.name, "rb") as stream:
        image = Image.open(stream)
        image.load()
        return image


def saved(image: Image.Image, kind: str = "PNG", **how) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [ultra_hdr(), samsung(), photo() + MP4, photo("PNG") + b"PK-SECRET", photo("WEBP") + b"x" * 9],
    ids=["gain map", "samsung", "motion", "png", "webp"],
)
def test_of_a_phones_file_the_first_picture_alone_is_stored(data, now):
    made = add(data, now)
    image = original(made)
    assert (image.size, image.getpixel((5, 5))[0] > 180) == ((120, 80), True)
    for name, file in stored().items():
        assert b"ftyp" not in file[16:], name
        for trace in (b"MPF\0", b"hdrgm", b"SEFT", b"SECRET", b"mp42"):
            assert trace not in file, (name, trace)
        assert file.count(b"\xff\xd8\xff") <= 1, name


def test_the_facts_of_a_photo_with_a_gain_map_are_read_from_its_head(now):
    """Rule: the browser makes the photo smaller and sends the beginning of the original too."""
    exif = Image.Exif()
    exif[0x010E] = "shuizha"
    out = io.BytesIO()
    frames = [Image.new("RGB", (600, 400), shade) for shade in ("red", "grey")]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:], exif=exif.tobytes())
    whole = out.getvalue()
    assert add(whole, now).caption == "shuizha"
    head = whole[: whole.index(b"\xff\xda") + 40]
    assert add(photo(), now, head=head).caption == "shuizha"


def test_of_an_heic_with_a_gain_map_only_the_main_picture_counts(monkeypatch):
    """Rule: 48 megapixels are within the limit; the second picture of the file is not decoded."""
    image = SimpleNamespace(width=8064, height=6048, n_frames=2)
    monkeypatch.setattr(validation, "_open", lambda kind, data: image)
    assert validation.open_photo((DATA / "field.heic").read_bytes())[0] is image
    with pytest.raises(PhotoRefused):
        validation.open_photo(photo("WEBP"))


def test_a_page_image_from_a_phone_is_taken_too(now):
    made = page_images.store_page(ultra_hdr())
    assert (made.width, made.height) == (120, 80)
    with pytest.raises(ValidationError) as refusal:
        page_images.store_page(half_of_two())
    assert refusal.value.messages == [str(PAGE_REFUSALS["cut-off"])]


def test_a_line_is_refused_and_the_rule_is_said(now):
    with pytest.raises(ValidationError, match="50 倍"):
        add(saved(Image.new("L", (1, 60_000))), now)
    assert add(saved(Image.new("L", (2, 100))), now)


# Grey profiles. A grey of 128 is 146 in sRGB by gamma 1.8, and 113 by the table of 2.6.


def grey_profile(gamma: float) -> bytes:
    """Return an ICC profile of version 2 for grey with the tone curve of a gamma."""
    curve = b"curv\0\0\0\0\0\0\0\1" + round(gamma * 256).to_bytes(2) + b"\0\0"
    return _grey_profile(curve)


def dot_gain_profile() -> bytes:
    """Return the same with a table, like printers' profiles: mid tones are darker."""
    table = [round(65535 * (n / 255) ** 2.6) for n in range(256)]
    return _grey_profile(
        b"curv\0\0\0\0" + (256).to_bytes(4) + b"".join(n.to_bytes(2) for n in table)
    )


def _grey_profile(curve: bytes) -> bytes:
    white = b"XYZ \0\0\0\0" + b"".join(n.to_bytes(4) for n in (0xF6D6, 0x10000, 0xD32D))
    text = b"desc\0\0\0\0\0\0\0\5grey\0" + b"\0" * 78
    tags, parts, at = b"", b"", 128 + 4 + 3 * 12
    for name, part in ((b"desc", text), (b"wtpt", white), (b"kTRC", curve)):
        tags += name + at.to_bytes(4) + len(part).to_bytes(4)
        padded = part + b"\0" * (-len(part) % 4)
        parts, at = parts + padded, at + len(padded)
    head = at.to_bytes(4) + b"lcms\x02\x40\0\0mntrGRAYXYZ " + b"\x07\xea\0\1\0\1" + b"\0" * 6
    head += b"acsp" + b"\0" * 28 + white[8:] + b"\0" * 48
    return head + (3).to_bytes(4) + tags + parts


GREY = Image.new("L", (60, 40), 128)
OPAQUE, HALF = (Image.new("L", (60, 40), n) for n in (255, 128))
MAC = grey_profile(1.8)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (saved(GREY, icc_profile=MAC), 146),
        (saved(GREY, "JPEG", icc_profile=MAC), 146),
        (saved(Image.merge("LA", (GREY, OPAQUE)), icc_profile=MAC), 146),
        (saved(Image.merge("LA", (GREY, HALF)), icc_profile=MAC), 200),
        (saved(Image.new("I;16", (60, 40), 128 * 257), icc_profile=MAC), 146),
        (saved(GREY, icc_profile=dot_gain_profile()), 113),
        (saved(GREY, icc_profile=MAC[:150]), 128),
        (saved(GREY, icc_profile=b"no profile" * 20), 128),
        (saved(GREY, icc_profile=SRGB), 128),
        (saved(GREY), 128),
        (saved(GREY, transparency=128), 255),
    ],
    ids=[
        *("a PNG", "a JPEG", "with an alpha", "half transparent", "16 bits", "a dot gain"),
        *("a broken profile", "no profile at all", "a profile of colours", "none", "see-through"),
    ],
)
def test_grey_is_converted_by_its_profile(data, value, now):
    image = original(add(data, now))
    assert image.mode == "L"
    assert "icc_profile" not in image.info
    assert image.getpixel((5, 5)) == pytest.approx(value, abs=3)


# Files from real phones.


def case(name: str) -> bytes:
    if not CASES.is_dir():
        pytest.skip("the known cases are missing")
    return (CASES / name).read_bytes()


@pytest.mark.parametrize("name", ["ultrahdr.jpg", "samsung-trailer.jpg", "motion-photo.jpg"])
def test_the_shared_photos_of_phones_are_taken_as_one_picture(name, desk):
    data = case(name)
    file = SimpleUploadedFile(name, data)
    answer = desk("correspondent").post(UPLOAD, {"file": file, "key": "k"})
    made = Photo.objects.get(pk=answer.json()["photo"])
    assert (made.width, made.height) == (400, 300)
    for file_name, stored_file in stored().items():
        assert b"MPF\0" not in stored_file, file_name
        assert b"hdrgm" not in stored_file, file_name
        assert b"ftypmp4" not in stored_file, file_name


def test_the_shared_grey_picture_is_stored_in_srgb(now):
    image = original(add(case("grey-gamma18.png"), now))
    assert image.getpixel((30, 20)) == pytest.approx(146, abs=3)

"""List of the files that database rows name, which a backup must contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import models

from photos import page_images, renditions
from photos.models import Photo
from press.models import EditionPage, StoryPhoto


class StoredFile(NamedTuple):
    """Name of a file in the storage, and the row that needs it, such as "photos.Photo 12"."""

    name: str
    owner: str


def named_files() -> Iterator[StoredFile]:
    """Yield every file that a row names; several rows may name the same file.

    PDFs of issues are left out: they are generated again on request.
    """
    yield from _of_fields()
    yield from _of_photos()
    yield from _of_printed_photos()
    yield from _of_page_images()


def _of_fields() -> Iterator[StoredFile]:
    """Yield the files of every FileField and ImageField of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.values_list("pk", field.name)
                for pk, name in rows.order_by("pk").iterator():
                    if name:
                        yield StoredFile(name, _owner(model, pk))


def _of_photos() -> Iterator[StoredFile]:
    for photo in Photo.objects.order_by("pk").iterator():
        names = renditions.file_names(photo.widths, photo.crops)
        yield from _in(photo.folder, names, _owner(Photo, photo.pk))


def _of_printed_photos() -> Iterator[StoredFile]:
    rows = StoryPhoto.objects.order_by("pk")
    shown = rows.values_list("pk", "folder", "photo__widths", "photo__crops")
    for pk, folder, widths, crops in shown.iterator():
        yield from _in(folder, renditions.file_names(widths, crops), _owner(StoryPhoto, pk))


def _of_page_images() -> Iterator[StoredFile]:
    for page in EditionPage.objects.exclude(image={}).order_by("pk").iterator():
        names = page_images.file_names(page.image["widths"], page.image.get("has_pdf", False))
        yield from _in(page.image["folder"], names, _owner(EditionPage, page.pk))
    if not apps.is_installed("issues"):
        return
    from issues.models import PageImage

    for image in PageImage.objects.order_by("pk").iterator():
        names = page_images.file_names(image.widths, image.has_pdf)
        yield from _in(image.folder, names, _owner(PageImage, image.pk))
        if image.original:
            yield StoredFile(image.original, _owner(PageImage, image.pk))


def _in(folder: str, names: list[str], owner: str) -> Iterator[StoredFile]:
    for name in names:
        yield StoredFile(f"{folder}/{name}", owner)


def _owner(model: type[models.Model], pk: object) -> str:
    return f"{model._meta.label} {pk}"

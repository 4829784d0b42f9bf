"""What the writing form asks in the background: its text as HTML, a photo sent ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paper.admin_base import DeskRequest
from photos.models import Photo
from photos.renditions import jpeg_width
from photos.services import MAX_HEAD, Busy, add_photo, sent_bytes
from textkit.cut import excerpt

from . import library
from .body_field import LIGHT, shown_html
from .desk_autosave import answering
from .errors import Forbidden
from .photo_forms import photo_numbers
from .pictures import desk_address
from .screen import refuse
from .workflow import WRITERS, Actor, actor_of

#: After so many seconds a photo that found no room is sent again: as long as two photos take.
RETRY_AFTER = 4


@require_POST
def body(request: DeskRequest) -> HttpResponse:
    """Return as HTML what stands in the text area in light markup."""
    text = request.POST.get("body", "")
    try:
        return HttpResponse(shown_html(text, LIGHT, photo_numbers(request.POST)))
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=400, content_type="text/plain")


@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """Store one photo as a loose upload of the person; answer with its id and small picture."""
    if not actor_of(request.user).roles & WRITERS:
        return refuse(request, Forbidden(_("Your role does not write articles.")))
    file, at = request.FILES.get("file"), timezone.now()
    try:
        if file is None:
            raise ValidationError(_("Please choose a photo."))
        photo = add_photo(
            data=sent_bytes(file),
            caption="",
            user=request.user,
            at=at,
            key=request.POST.get("key", "")[:36],
            head=_head(request),
        )
    except Busy:
        words = _("Many photos are arriving just now. This one is sent again by itself.")
        return JsonResponse({"busy": words}, status=503, headers={"Retry-After": RETRY_AFTER})
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=400)
    return JsonResponse(
        {
            "photo": photo.pk,
            "url": f"{desk_address(photo)}/w{jpeg_width(photo.widths)}.jpg",
            "caption": photo.caption,
            "credit": photo.found_byline,
            "source": photo.source,
            "rights": photo.rights,
            "warning": alike_words(photo, actor_of(request.user), at),
        }
    )


def _head(request: DeskRequest) -> bytes:
    """Return the beginning of the file that the browser made smaller, if it sent one."""
    head = request.FILES.get("head")
    return head.read(MAX_HEAD) if head is not None else b""


def alike_words(photo: Photo, actor: Actor, at: dt.datetime) -> str:
    """Return in words which photo of the last two years is most like `photo`, or "".

    What another photo shows is for who may see it; when the paper has got it, for everybody.
    """
    other = Photo.objects.most_alike(photo, at)
    if other is None:
        return ""
    said = {"day": timezone.localtime(other.uploaded_at).strftime("%Y-%m-%d")}
    if not library.visible(actor, at).filter(pk=other.pk).exists():
        return _("This looks like a photo that the paper got on %(day)s.") % said
    said["caption"] = excerpt(other.caption, 20) or _("no caption")
    return _("This looks like a photo sent on %(day)s (%(caption)s).") % said


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of this module, each view wrapped by `wrap`."""
    return [
        path("body/", wrap(body), name="articles_body"),
        path("photos/", answering(upload), name="articles_upload"),
    ]

"""Background requests of the article form: the body as HTML, and photo uploads."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paper.base_admin import DeskRequest
from paper.permissions import Capability, may
from photos.models import Photo
from photos.renditions import jpeg_width
from photos.services import MAX_HEAD, UploadInterrupted, UploadLimit, add_photo, sent_bytes
from textkit.truncate import excerpt

from ..exceptions import Forbidden
from ..forms.body_field import LIGHT, body_of
from ..forms.photo_rows import photo_numbers
from ..selectors.body_html import desk_address
from ..services import photo_library
from ..workflow.transitions import Actor, actor_of
from .rendering import refuse

#: Retry delay in seconds when no upload slot is free: the time for two photos.
RETRY_AFTER = 4


@require_POST
def body(request: DeskRequest) -> HttpResponse:
    """Return the light markup of the text area as HTML."""
    text = request.POST.get("body", "")
    try:
        return HttpResponse(body_of(text, LIGHT, photo_numbers(request.POST)))
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=400, content_type="text/plain")


@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """Store one photo as an upload of the user; return its id and thumbnail."""
    if not may(request.user, Capability.WRITE_ARTICLES):
        return refuse(request, Forbidden(_("Your role cannot write articles.")))
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
    except UploadInterrupted as stopped:
        return _later(stopped=" ".join(stopped.messages))
    except UploadLimit:
        return _later(
            busy=_(
                "Many photos are being uploaded right now. This one is sent again automatically."
            )
        )
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
            "warning": similar_photo_message(photo, actor_of(request.user), at),
        }
    )


def _later(**message: str) -> JsonResponse:
    """Return 503 with `message`: `busy` is sent again for minutes, `stopped` a few times."""
    return JsonResponse(message, status=503, headers={"Retry-After": RETRY_AFTER})


def _head(request: DeskRequest) -> bytes:
    """Return the start of the original file if the browser has resized it and sent the start."""
    head = request.FILES.get("head")
    return head.read(MAX_HEAD) if head is not None else b""


def similar_photo_message(photo: Photo, actor: Actor, at: dt.datetime) -> str:
    """Return a message about the most similar photo of the last two years, or "".

    Its caption is shown to users who may see that photo; its upload date to everybody.
    """
    other = Photo.objects.most_alike(photo, at)
    if other is None:
        return ""
    said = {"day": timezone.localtime(other.uploaded_at).strftime("%Y-%m-%d")}
    if not photo_library.visible(actor, at).filter(pk=other.pk).exists():
        return _("This looks like a photo that the paper received on %(day)s.") % said
    said["caption"] = excerpt(other.caption, 20) or _("no caption")
    return _("This looks like a photo uploaded on %(day)s (%(caption)s).") % said

"""What the writing form asks in the background: its text as HTML, a photo sent ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paper.admin_base import DeskRequest
from photos.services import add_photo

from .body_field import LIGHT, shown_html
from .errors import Forbidden
from .photo_forms import photo_numbers
from .screen import refuse
from .workflow import WRITERS, actor_of


@require_POST
def body(request: DeskRequest) -> HttpResponse:
    """Return as HTML what stands in the text area in light markup."""
    text = request.POST.get("body", "")
    return HttpResponse(shown_html(text, LIGHT, photo_numbers(request.POST)))


@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """Store one photo as a loose upload of the person; answer with its id and small picture."""
    if not actor_of(request.user).roles & WRITERS:
        return refuse(request, Forbidden(_("Your role does not write articles.")))
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ValidationError(_("Please choose a photo."))
        photo = add_photo(data=file.read(), caption="", user=request.user, at=timezone.now())
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=400)
    url = reverse("admin:articles_photo", args=[photo.token])
    return JsonResponse({"photo": photo.pk, "url": url})


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of this module, each view wrapped by `wrap`."""
    return [
        path("body/", wrap(body), name="articles_body"),
        path("photos/", wrap(upload), name="articles_upload"),
    ]

"""What of a story is frozen when it is printed: one hash over all that readers see of it."""

from __future__ import annotations

import hashlib
import json

from .models import Story

#: All but what changes after print: page, release, withdrawal, corrections. A migration that
#: writes one of them anew breaks the seals of the stories that it touches.
FROZEN = (
    *("kind", "kicker", "headline", "subhead", "dateline", "body", "summary", "chars", "unit"),
    *("section_id", "byline", "places", "tag_names", "photo_list", "revision", "sha256"),
)


def frozen_sha(story: Story) -> str:
    """Return the SHA-256 over what print has frozen of `story`, as canonical JSON.

    Reads its rows of contributors and photos: prefetch them for many.
    """
    says: dict[str, object] = {name: getattr(story, name) for name in FROZEN}
    says["contributors"] = [
        [row.contributor_id, row.role, row.label] for row in story.storycontributor_set.all()
    ]
    says["photos"] = [[row.photo_id, row.token, row.folder] for row in story.photos.all()]
    text = json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

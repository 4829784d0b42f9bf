"""Fixtures of public pages."""

from __future__ import annotations

import pytest


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The templates that were rendered, one for each page that was made."""
    names: list[str] = []
    from reader import base_context
    from reader.views import stories

    render = base_context.render_to_string

    def count(template: str, *args: object) -> str:
        if "/_" not in template:
            names.append(template)
        return render(template, *args)

    def count_story(*args: object) -> str | None:
        page = render_story(*args)
        if page:
            names.append("story.html")
        return page

    render_story = stories.render_story
    monkeypatch.setattr(base_context, "render_to_string", count)
    monkeypatch.setattr(stories, "render_story", count_story)
    return names

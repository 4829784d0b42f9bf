"""Canvas for reportlab that knows the total number of pages when it writes the first.

Private API of reportlab (used with 4.4 to 5.x): `Canvas._startPage`, and the state of a page in the
`__dict__` of the canvas. This is the usual recipe for "page n of m"; reportlab has no public API
that needs only one layout pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.pdfgen.canvas import Canvas


def numbered_canvas(decorate: Callable[[Canvas, int], None]) -> type[Canvas]:
    """Return a canvas class that holds back all pages until their number is known.

    It calls `decorate` with itself and the number of pages before it writes each page.
    """

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                decorate(self, len(self._pages))
                super().showPage()
            super().save()

    return NumberedCanvas

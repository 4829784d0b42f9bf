"""The bundled font, so that a PDF looks the same on every machine."""

from pathlib import Path

BUNDLED = Path(__file__).parent / "NotoSansSC.ttf"

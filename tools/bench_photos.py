"""Measure time, memory and size of storing a photo from a phone.

`python tools/bench_photos.py` generates the picture, with the grain of a real one.
"""

from __future__ import annotations

import io
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
SIZE = (4000, 3000)


def main() -> None:
    """Store one photo and print the figures."""
    sys.path.insert(0, str(ROOT))
    os.environ |= {"NEWSROOM_DEMO": "1", "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    import django

    django.setup()
    from photos.sandbox import client

    data = photo()
    with tempfile.TemporaryDirectory() as name:
        source, folder = Path(name) / "sent", Path(name) / "made"
        folder.mkdir()
        source.write_bytes(data)
        taken = []
        for _run in range(5):
            start = time.perf_counter()
            client.make_renditions(source, folder)
            taken.append(time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"a JPEG of {SIZE[0] * SIZE[1] / 1e6:.0f} megapixels, {len(data) / 1e6:.1f} MB:"
            f" {sorted(taken)[2]:.2f} s (median of 5, slowest {max(taken):.2f}),"
            f" peak memory {peak:.0f} MB, {len(list(folder.iterdir()))} files"
        )
        for path in sorted(folder.iterdir()):
            print(f"  {path.name:<16}{path.stat().st_size / 1024:8.0f} KB")


def photo() -> bytes:
    """Return a JPEG with sky, edges and grain, about as large as that of a phone."""
    rolls = random.Random(7)
    small = Image.new("RGB", (80, 60))
    small.putdata(
        [
            (rolls.randrange(40, 220), rolls.randrange(60, 200), rolls.randrange(50, 180))
            for _n in range(4800)
        ]
    )
    ground = small.resize(SIZE, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    leaves = Image.effect_noise((1000, 750), 60).resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIZE, 14)
    both = ImageChops.add(leaves, grain, scale=2).convert("RGB")
    out = io.BytesIO()
    ImageChops.blend(ground, both, 0.3).save(out, "JPEG", quality=90)
    return out.getvalue()


if __name__ == "__main__":
    main()

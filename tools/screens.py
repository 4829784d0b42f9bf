"""Take screenshots of the main screens of desk and public site for docs/screens/, with an index.

It serves a demo paper from a temporary folder on a free port. Each screen of `tools.desk_screens`
and `tools.reader_screens` is shown at two widths, in light and dark. `python tools/screens.py NAME`
limits it to screens whose names (desk-board, reader-front) begin with NAME.
"""

from __future__ import annotations

import io
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tools.desk_screens import SCREENS, Screen, show  # noqa: E402
from tools.reader_screens import PAGES  # noqa: E402

OUT = ROOT / "docs" / "screens"
#: Height of the window by its width.
HEIGHTS = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")
TALLEST = 1500
MOST_BYTES = 200_000
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"]


@contextmanager
def demo_paper() -> Iterator[tuple[str, str]]:
    """Serve a new demo paper like `make run`; yield its URL and its password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    with tempfile.TemporaryDirectory() as data:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSROOM", "DATABASE"))}
        env |= {"NEWSROOM_DEMO": "1", "NEWSROOM_DATA_DIR": data}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
        output = subprocess.check_output([*manage, "demo"], cwd=ROOT, env=env, text=True)
        # The demo prints its logins: name, password, role.
        password = next(line.split()[1] for line in output.splitlines() if " chief " in f"{line} ")
        server = subprocess.Popen([*manage, "serve", "--bind", host], cwd=ROOT, env=env)
        try:
            _wait_for(f"http://{host}/healthz")
            yield f"http://{host}", password
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit(f"no answer at {url}")


def _seat(browser: Browser, paper: tuple[str, str], user: str, width: int, scheme: Any) -> Any:
    """Return a browser page with `user` logged in; `paper` is (URL, password)."""
    is_phone = width < 600
    context = browser.new_context(
        base_url=paper[0],
        locale="zh-CN",
        color_scheme=scheme,
        viewport={"width": width, "height": HEIGHTS[width]},
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = context.new_page()
    if user:
        page.goto("/desk/login/")
        page.fill("[name=username]", user)
        page.fill("[name=password]", paper[1])
        page.click("main .button-main")
        page.wait_for_url("**/desk/")
    return page


def picture(page: Any, path: Path) -> None:
    """Write a screenshot of `page` with few colours, to limit its size."""
    height = page.evaluate("document.documentElement.scrollHeight")
    if page.viewport_size["height"] < height <= TALLEST:
        # Use a taller window, so that sticky elements stay at the bottom.
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    raw = page.screenshot(animations="disabled")
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    for colours in (96, 48, 24):
        out = io.BytesIO()
        small = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            break
    path.write_bytes(out.getvalue())


def take(paper: tuple[str, str], screens: list[Screen]) -> None:
    """Take the screenshots of `screens`."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("Chromium is missing: apt install chromium libatomic1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        for width, scheme in itertools.product(HEIGHTS, SCHEMES):
            seats: dict[str, Any] = {}
            for screen in screens:
                if screen.user not in seats:
                    seats[screen.user] = _seat(browser, paper, screen.user, width, scheme)
                page = seats[screen.user]
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                show(page, screen)
                page.wait_for_timeout(150)
                picture(page, OUT / f"{_file(screen)}-{width}-{scheme}.png")
        browser.close()


def _file(screen: Screen) -> str:
    return f"{'reader' if screen in PAGES else 'desk'}-{screen.name}"


def write_index() -> None:
    """Write docs/screens/README.md, with a description of each screenshot and links."""
    lines = [
        "# Screenshots of the desk and the public site",
        "",
        "`make screens` takes them from the demo paper. The screens are listed in",
        "`tools/desk_screens.py` and `tools/reader_screens.py`.",
        "",
        "| screen | login | URL | 1280 pixels wide | 390 pixels wide |",
        "|---|---|---|---|---|",
    ]
    for screen in [*PAGES, *SCREENS]:
        links = [
            " · ".join(f"[{s}]({_file(screen)}-{width}-{s}.png)" for s in SCHEMES)
            for width in HEIGHTS
        ]
        lines.append(
            f"| {_file(screen)} | {screen.user or '—'} | `{screen.url}` | {links[0]} | {links[1]} |"
        )
    (OUT / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(names: list[str]) -> None:
    """Take all screens, or those whose names (reader-front, desk-start) begin with `names`."""
    all_of = [*PAGES, *SCREENS]
    chosen = [s for s in all_of if not names or _file(s).startswith(tuple(names))]
    OUT.mkdir(parents=True, exist_ok=True)
    with demo_paper() as paper:
        take(paper, chosen)
    write_index()


if __name__ == "__main__":
    main(sys.argv[1:])

"""The text of a printed page, and the command that imports it."""

from __future__ import annotations

import io

from django.core.management import call_command

from articles.models import Article, LogEntry, Revision
from bylines.models import Contributor
from issues.models import Issue, Placement
from press.models import Edition, Story

PAGE = """白沙镇
六座水闸换了电动机

云溪讯 入冬前，白沙镇把六座手摇的水闸换成了电动机。看闸人在屋里按一下按钮，闸门就慢慢落下来。

往年开一次闸要两个人摇半个钟头，今年一个人三分钟就够了。镇里还给每座闸装了水位尺。

（通讯员 罗小满）

县图书馆夜里也开门

云溪讯 县图书馆从本月起开到夜里九点半。阅览室添了四十盏台灯，来的多是下班的年轻人和备考的学生。

“家里吵，这里静。”一位读者说。馆里还备了热水和充电的插座，不收钱。

（记者 沈青山）
"""


def write(tmp_path, text: str | bytes) -> str:
    path = tmp_path / "page.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def run(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("importpage", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def written() -> tuple[int, ...]:
    models = (Article, Revision, Story, Issue, Edition, Placement, Contributor, LogEntry)
    return tuple(model.objects.count() for model in models)

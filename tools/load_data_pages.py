"""Write an archive folder for `importarchive`, for benchmarks and tests.

`python tools/load_data_pages.py DIR 200` writes 200 issues of four pages with ten stories each, all
with different invented texts.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.load_data_issues import ACTIONS, PAGE_NAMES, PLACES, THINGS

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "禾苗穗川岭溪渡松竹梅"
WORDS = (
    "清晨 傍晚 河边 山脚 田头 院里 老人 孩子 村民 工人 老师 医生 水渠 粮食 果树 茶叶 "
    "鱼塘 大路 小桥 灯光 机器 账本 牌子 钥匙 脚步 笑声 雨水 泥土 阳光 炊烟 已经 正在 "
    "慢慢 重新 一起 仔细 每天 从前 今年 明年 修好 搬来 种下 收起 打开 关上 走过 看见 "
    "听说 记下 数清 送到 等着 换成 添了 省下 安静 热闹 结实 宽敞 干净 明亮 便宜 新鲜 "
    "整齐 踏实 两头 三层 五里 十户 上百 半天 一趟 几筐 满屋 沿线 "
)
PAGES, STORIES = 4, 10


def write(folder: Path, issues: int, first: dt.date, *, stories: int = STORIES) -> int:
    """Write `issues` into `folder`, one per day from `first` on; return the number of stories."""
    rolls = random.Random(19980101)
    for n in range(issues):
        date = first + dt.timedelta(days=n)
        day = folder / date.isoformat()
        day.mkdir(parents=True)
        for page in range(1, PAGES + 1):
            texts = [_story(rolls) for _place in range(stories)]
            head = f"第{page}版 {PAGE_NAMES[page - 1]} 第{1000 + n}期\n\n"
            (day / f"{page:02d}.txt").write_text(head + "\n\n".join(texts) + "\n", encoding="utf-8")
    return issues * PAGES * stories


def _story(rolls: random.Random) -> str:
    """Return a story of 400 to 800 characters with heading, dateline and signature."""
    place, thing = rolls.choice(PLACES), rolls.choice(THINGS)
    head = f"{place}的{thing}{rolls.choice(ACTIONS)}"
    length, sentences = rolls.randint(400, 800), []
    while sum(map(len, sentences)) < length:
        words = rolls.choices(WORDS.split(), k=rolls.randint(7, 14))
        middle = len(words) // 2
        sentences.append("".join(words[:middle]) + "，" + "".join(words[middle:]) + "。")
    cut = max(1, len(sentences) // 3)
    parts = ["".join(sentences[start : start + cut]) for start in range(0, len(sentences), cut)]
    writer = rolls.choice(SURNAMES) + rolls.choice(GIVEN) + rolls.choice(GIVEN)
    return "\n\n".join([head, f"云溪讯 {parts[0]}", *parts[1:], f"（通讯员 {writer}）"])


if __name__ == "__main__":
    count = write(Path(sys.argv[1]), int(sys.argv[2]), dt.date(2010, 1, 1))
    print(f"{count} stories")

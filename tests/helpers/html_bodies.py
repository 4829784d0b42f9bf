"""Strategies of Hypothesis that draw the HTML of a body."""

from __future__ import annotations

from html import escape

from hypothesis import strategies as st

from issues.handoff_text import ArticleText
from textkit.body import Body

_SIGNS = "甲乙丙𠮷，。“”《》 　·•l1a.-#*>|[]()\\^_{}&;<%~`\"'"
_TEXTS = st.text(_SIGNS, max_size=24)


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """Draw inline HTML: text, bold, signs, links, line breaks."""
    made = []
    for text in draw(st.lists(_TEXTS, max_size=4)):
        tag = draw(st.sampled_from(["", "strong", "sup", "sub", "a", "br", "span", "b"]))
        inner = escape(text, quote=False)
        made.append(
            {
                "": inner,
                "br": f"{inner}<br>",
                "a": f'<a href="https://paper.example/?a=b&amp;c({len(text)})">{inner}</a>',
            }.get(tag, f"<{tag}>{inner}</{tag}>")
        )
    return "".join(made)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Draw the HTML of some blocks."""
    made = []
    for inner in draw(st.lists(pieces(), max_size=5)):
        tag = draw(st.sampled_from(["p", "h2", "ul", "ol", "blockquote", "table", "figure", "div"]))
        made.append(
            {
                "ul": f"<ul><li>{inner}</li><li>二<ul><li>{inner}</li></ul></li></ul>",
                "ol": f'<ol start="3"><li>{inner}</li><li>乙</li></ol>',
                "blockquote": f"<blockquote><p>{inner}</p><p>丙</p></blockquote>",
                "table": f'<table><tr><th>表</th></tr><tr><td colspan="2">{inner}</td></tr></table>',
                "figure": '<figure data-photo="7"></figure>',
            }.get(tag, f"<{tag}>{inner}</{tag}>")
        )
    return draw(st.sampled_from(["", "\n"])).join(made)


def handed_over(body: Body) -> ArticleText:
    return ArticleText(
        number="A000001",
        state="",
        kicker="",
        headline=["题"],
        subhead="",
        dateline="",
        body=body,
        byline="",
    )

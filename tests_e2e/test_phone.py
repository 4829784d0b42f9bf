"""A correspondent's phone: at 390 and 360 pixels, without JavaScript, with an input method."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.helpers.pasted_html import WECHAT, WORD, WPS
from tests_e2e.helpers.article_form import ADD
from tests_e2e.helpers.buttons import is_too_wide, press, read
from textkit import html
from textkit.allowed_html import ATTRIBUTES, TAGS
from textkit.body import Body
from textkit.paste_cleanup import normalise


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    out = io.BytesIO()
    Image.effect_noise((1200, 800), 60).convert("RGB").save(out, "JPEG")
    path = tmp_path / "闸口.jpg"
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("width", [390, 360])
def test_a_story_with_a_photo_goes_from_a_phone_to_the_reader(desk, opened, photo, width):
    title = f"水闸在{width}像素的早晨通了电"
    page = desk("correspondent", width=width)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(ADD)
    assert not is_too_wide(page)
    page.fill("[name=headline]", title)
    expect(page.locator("[name=lead_where]")).to_have_value("白沙镇")
    page.fill("[name=lead_what]", "六座手摇水闸换上了电动机")
    page.fill("[name=body]", "看闸人按下按钮，闸门慢慢落下。")
    page.set_input_files("[name=photos-0-file]", photo)
    expect(page.locator("[name=photos-0-photo]")).to_have_value(re.compile(r"\d+"))
    page.fill("[name=photos-0-caption]", "按下按钮的一刻")
    expect(page.locator("[name=photos-0-credit]")).to_have_value("罗春生")
    page.locator("[data-place]").first.click()
    expect(page.locator("[name=body]")).to_have_value(re.compile("落下。\n［图1］"))
    expect(page.locator("[name=photos-1-file]")).to_be_visible()
    page.select_option("[name=section]", index=1)
    assert not is_too_wide(page)
    assert not [url for url in loaded if "prose" in url], "a phone loads no text editor"
    press(page, "送审")
    expect(page.locator(".way .is-now")).to_have_text("初审")
    url = page.url
    read(desk("editor"), url, "通过，送复审")
    page.reload()
    expect(page.locator(".way .is-done").nth(1)).to_contain_text("初审")
    read(desk("head"), url, "通过，送终审")
    chief = desk("chief")
    read(chief, url, "通过")
    chief.goto(url)
    chief.get_by_role("link", name="发布").first.click()
    press(chief, "发布")
    page.goto(url)
    page.get_by_role("link", name="在报上查看").first.click()
    expect(page.locator("h1")).to_contain_text(title)
    reader = opened(width=width)
    reader.goto(page.url)
    body = reader.locator("[data-body]")
    expect(body).to_contain_text(re.compile("日，白沙镇六座手摇水闸换上了电动机。"))
    picture = body.locator("figure img")
    picture.scroll_into_view_if_needed()
    # The natural width of a picture with several sizes is more than 0 once it is loaded.
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(one) => one.naturalWidth") > 0
    expect(body.locator("figcaption")).to_contain_text("按下按钮的一刻 罗春生 摄")
    assert not is_too_wide(reader)


def test_a_returned_story_says_why_and_goes_in_again(desk):
    page = desk("correspondent", width=390)
    page.goto(ADD)
    page.fill("[name=headline]", "缺了时间的稿子")
    page.fill("[name=body]", "有一天，水来了。")
    page.select_option("[name=section]", index=1)
    press(page, "送审")
    expect(page.locator(".way .is-now")).to_have_text("初审")
    url = page.url
    editor = desk("editor")
    editor.goto(url)
    press(editor, "接稿")
    editor.locator("[name=then][value=return]").click()
    editor.fill("[name=reason]", "请写明哪一天")
    press(editor, "退改")
    page.goto("/desk/")
    expect(page.locator("main")).to_contain_text("请写明哪一天")
    page.goto(url)
    expect(page.locator(".progress")).to_contain_text("请写明哪一天")
    page.fill("[name=body]", "11月25日，水来了。")
    press(page, "送审")
    expect(page.locator(".way .is-now")).to_have_text("初审")


def test_without_javascript(desk, photo):
    page = desk("correspondent", width=360, java_script_enabled=False)
    page.goto(ADD)
    page.fill("[name=headline]", "没有脚本也写得成")
    page.fill("[name=body]", "第一段。\n\n第二段**要紧**。\n- 甲\n- 乙\n［图1］")
    page.set_input_files("[name=photos-0-file]", photo)
    press(page, "再加一张照片")
    expect(page.locator("[name=body]")).to_have_value(re.compile("第二段"))
    expect(page.locator(".photo-row img")).to_have_count(1)
    page.set_input_files("[name=photos-1-file]", photo)
    page.fill("[name=photos-1-caption]", "第二张")
    page.select_option("[name=section]", index=1)
    press(page, "保存")
    expect(page.locator("[name=body]")).to_have_value(
        "第一段。\n\n第二段**要紧**。\n\n- 甲\n- 乙\n\n［图1］"
    )
    expect(page.locator(".photo-row img")).to_have_count(2)
    press(page, "送审")
    expect(page.locator("#problems")).to_contain_text("照片 1 没有图片说明")
    page.fill("[name=photos-0-caption]", "第一张")
    page.fill("[name=photos-1-credit]", "罗春生")
    press(page, "送审")
    expect(page.locator(".proof-body li")).to_have_count(2)
    expect(page.locator(".proof-body strong")).to_have_text("要紧")
    expect(page.locator(".proof-body figure")).to_have_count(1)
    assert not is_too_wide(page)


@pytest.mark.parametrize("where", ["body", "headline"])
def test_nothing_acts_while_an_input_method_composes(desk, where):
    page = desk("correspondent", width=390)
    page.goto(ADD)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.locator(f"[name={where}]").focus()
    keys = page.context.new_cdp_session(page)

    def compose(text: str) -> None:
        values = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        keys.send("Input.imeSetComposition", values)

    def key(name: str, modifiers: int = 0) -> None:
        values = {"key": name, "code": name, "modifiers": modifiers, "windowsVirtualKeyCode": 229}
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **values})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **values})

    compose("shui")
    compose("shuizha")
    key("Enter", modifiers=2)
    key("Enter")
    key("s", modifiers=2)
    page.wait_for_timeout(2600)
    assert sent == []
    assert page.url.endswith(ADD)
    if where == "body":
        expect(page.locator("[data-count]")).to_contain_text("0")
    keys.send("Input.insertText", {"text": "水闸"})
    expect(page.locator(f"[name={where}]")).to_have_value("水闸")
    if where == "body":
        expect(page.locator("[data-count]")).to_contain_text("2")
    with page.expect_request(lambda r: r.method == "POST"):
        pass


def copy(page: Page, source: str) -> None:
    """Put unfiltered HTML on the real clipboard, like another program."""
    page.evaluate(
        """(source) => document.addEventListener("copy", (event) => {
            event.clipboardData.setData("text/html", source);
            event.clipboardData.setData("text/plain", "");
            event.preventDefault();
            event.stopImmediatePropagation();
        }, { once: true, capture: true })""",
        source,
    )
    page.keyboard.press("Control+C")


def test_a_paste_into_the_editor(desk):
    page = desk("reporter")
    page.goto(ADD)
    editor = page.locator(".ProseMirror[contenteditable]")
    editor.click()
    copy(page, WORD)
    page.keyboard.press("Control+V")
    expect(editor.locator("h2")).to_have_text("水闸通电")
    expect(editor.locator("strong").first).to_have_text("电动机")
    expect(editor.locator("ul > li")).to_have_text(["白沙", "石桥"])
    expect(editor.locator("td")).to_have_count(2)
    made = page.locator("[name=body]").input_value()
    assert_is_what_the_paper_prints(made)
    assert "删去的" not in made
    assert "　" not in made
    page.fill("[name=headline]", "从文字处理软件粘贴")
    press(page, "保存")
    expect(page.locator(".ProseMirror a")).to_have_attribute("href", "https://paper.example/a")
    assert (
        Body(normalise(page.locator("[name=body]").input_value())).text
        == Body(normalise(WORD)).text
    )


#: A text with a comment, a footnote, a tracked deletion and raised signs, as Word copies it.
SIDE_MATTER = (
    "<p class=MsoNormal>水位10<sup>5</sup>、100m<span style='vertical-align:super'>2</span>"
    "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[W1]</a></span>、"
    "<b>CO<sub>2</sub></b><a style='mso-footnote-id:ftn1' href='#_ftn1'>[1]</a>"
    "<del>旧数</del>。</p>"
    "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>"
    "<p class=MsoFootnoteText>[1] 县水务局</p></div></div>"
    "<div style='mso-element:comment-list'><div style='mso-element:comment'>"
    "<div class=msocomtxt><p class=MsoCommentText>[W1]先别发</p></div></div></div>"
)


@pytest.mark.parametrize(("name", "width"), [("reporter", 1280), ("correspondent", 390)])
def test_side_matter_is_left_out_of_a_paste_and_told(desk, name, width):
    page = desk(name, width=width)
    page.goto(ADD)
    page.fill("[name=headline]", f"带批注的稿子{width}")
    where = ".ProseMirror[contenteditable]" if width > 900 else "[name=body]"
    page.locator(where).click()
    copy(page, SIDE_MATTER)
    page.keyboard.press("Control+V")
    expect(page.locator("[data-paste-note]")).to_have_text(
        "粘贴时没有带入：批注 1 处、脚注或尾注 1 条、已删除的修订 1 处。需要的请自己补上。"
    )
    press(page, "保存")
    page.goto(page.url)
    made = page.locator("[name=body]").input_value()
    how = page.locator("[name=body_format]").input_value()
    body = Body.from_html(made) if how == "html" else Body.from_markup(made, {})
    assert body == Body.from_html(SIDE_MATTER)
    assert body == (
        "<p>水位10<sup>5</sup>、100m<sup>2</sup>、<strong>CO<sub>2</sub></strong>。</p>"
    )


def test_the_editor_and_the_server_agree_on_side_matter(desk):
    source = (
        "<p>见<a href='https://paper.example/a#comments'>县政府网</a>"
        "<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup>。</p><section id='com12'>水闸</section>"
        "<div><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a><span>先别发</span></p></div>"
        "<ul><li>甲</li><li style='display:none'>藏</li>"
        "<li><a href='#cite_ref-1'>↑</a> 注</li></ul>"
        "<table><tr><td>乙</td><td style='display:none'>藏</td></tr></table>"
    )
    page = desk("reporter")
    page.goto(ADD)
    editor = page.locator(".ProseMirror[contenteditable]")
    editor.click()
    copy(page, source)
    page.keyboard.press("Control+V")
    expect(editor.locator("p")).to_have_text(["见县政府网。", "水闸", "甲", "乙"])
    expect(page.locator("[data-paste-note]")).to_contain_text("批注 1 处、脚注或尾注 1 条")
    assert Body.from_html(source).text == "见县政府网。\n水闸\n甲\n乙"


def assert_is_what_the_paper_prints(made: str) -> None:
    """All markup of the editor is in the definition, and the sanitiser preserves it."""
    for tag, attributes in re.findall(r"<(\w+)([^>]*)>", made):
        assert tag in TAGS, tag
        names = set(re.findall(r" ([\w-]+)=", attributes)) - {"rel"}
        assert names <= ATTRIBUTES.get(tag, set()), (tag, names)
    plain = re.sub(r' (?:colspan|rowspan|start)="1"|<p></p>', "", made)
    kept = html.sanitise(made).replace(' rel="noopener nofollow"', "")
    assert kept == plain.replace(' rel="noopener nofollow"', "")


def test_the_editor_makes_only_what_the_paper_prints(desk):
    page = desk("reporter")
    page.goto(ADD)
    page.locator(".ProseMirror[contenteditable]").click()
    copy(
        page,
        "<h1>题</h1><h4>小</h4><p style='text-align:center'>甲<i>斜</i><u>线</u><s>删</s>"
        "<code>c</code>"
        "<sub>1</sub><a href='https://a.example' target=_blank title=t class=c>链</a><br>行</p><hr>"
        "<pre>码</pre><ol start=3><li>三</li></ol><blockquote>引<cite>源</cite></blockquote>"
        "<table><colgroup><col width=9></colgroup><thead><tr><th scope=col style='width:3em'>头"
        "</th>"
        "</tr></thead><tr><td colspan=2 rowspan=1 align=right>格</td></tr></table>"
        "<figure><img src='https://a.example/x.png'><figcaption>说明</figcaption></figure>"
        "<details><summary>夹</summary>层</details><video src=x></video><font color=red>红</font>",
    )
    page.keyboard.press("Control+V")
    expect(page.locator(".ProseMirror table")).to_have_count(1)
    page.keyboard.type("尾")
    made = page.locator("[name=body]").input_value()
    for element in ("<h2>", "<blockquote>", '<ol start="3">', "<table>", "<br>", "<a "):
        assert element in made
    assert_is_what_the_paper_prints(made)


@pytest.mark.parametrize("source", [WORD, WPS, WECHAT], ids=["word", "wps", "wechat"])
def test_a_paste_into_the_text_area(desk, source):
    page = desk("correspondent", width=390)
    page.goto(ADD)
    page.locator("[name=body]").focus()
    copy(page, source)
    page.keyboard.press("Control+V")
    page.fill("[name=headline]", "手机上粘贴")
    press(page, "保存")
    page.goto(page.url)
    button = page.get_by_role("button", name="排版编辑器")
    if button.is_visible():
        button.click()
    expect(page.locator(".ProseMirror[contenteditable]")).to_be_visible()
    made = page.locator("[name=body]").input_value()
    wanted = normalise(Body.from_html(source))
    # A row of the light markup is one line, so two paragraphs of a cell become one. A merged cell
    # is followed by an empty one, so that the other cells stay below their headings.
    wanted = wanted.replace(
        '<td colspan="2"><p>数量</p><p>座</p></td>', "<td>数量 座</td><td></td>"
    )
    assert normalise(made) == wanted


@pytest.mark.parametrize("tail", ["<!" + "<" * 2_000_000, "<style " * 300_000], ids=["<", "style"])
def test_a_paste_of_marks_without_an_end_does_not_stop_the_page(desk, tail):
    """Each mark searched the rest of the text: two megabytes of them took minutes."""
    page = desk("correspondent", width=390)
    page.goto(ADD)
    page.locator("[name=body]").focus()
    # In a task of its own: so the test does not wait with the page.
    page.evaluate(
        """tail => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", "<p>水闸</p>" + tail);
            const event = new ClipboardEvent("paste", { clipboardData, cancelable: true });
            setTimeout(() => document.querySelector("[name=body]").dispatchEvent(event));
        }""",
        tail,
    )
    expect(page.locator("[name=body]")).to_have_value("水闸")


def test_the_editor_comes_on_demand_with_what_was_typed(desk, photo):
    page = desk("correspondent", width=390)
    page.goto(ADD)
    page.set_input_files("[name=photos-0-file]", photo)
    expect(page.locator("[name=photos-0-photo]")).to_have_value(re.compile(r"\d+"))
    page.fill("[name=body]", "甲**乙**\n# 小标题\n［图1］")
    press(page, "排版编辑器")
    editor = page.locator(".ProseMirror[contenteditable]")
    expect(editor.locator("h2")).to_have_text("小标题")
    expect(editor.locator(".placed-photo")).to_contain_text("图 1")
    expect(editor.locator(".placed-photo canvas, .placed-photo img")).to_have_count(1)
    page.fill("[name=headline]", "换了编辑器")
    press(page, "保存")
    expect(page.locator("[name=body_format]")).to_have_value("light")
    expect(page.locator("[name=body]")).to_have_value("甲**乙**\n\n# 小标题\n\n［图1］")

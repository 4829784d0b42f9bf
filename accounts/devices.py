"""What a browser says of itself, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

_SYSTEMS = [
    ("MicroMessenger", "WeChat"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
]
_BROWSERS = [
    ("MicroMessenger", ""),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ"),
    ("UCBrowser", "UC"),
    ("HuaweiBrowser", "Huawei"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]


def device_words(user_agent: str) -> str:
    """Return the device and browser of a session in words, such as “Android · Chrome”."""
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "")
    return " · ".join(filter(None, [system, browser])) or _("unknown device")

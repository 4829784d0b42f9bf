"""Readable device names from User-Agent headers."""

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


def device_name(user_agent: str) -> str:
    """Return device and browser of a session, such as “Android · Chrome”."""
    system = next((name for token, name in _SYSTEMS if token in user_agent), "")
    browser = next((name for token, name in _BROWSERS if token in user_agent), "")
    return " · ".join(filter(None, [system, browser])) or _("unknown device")

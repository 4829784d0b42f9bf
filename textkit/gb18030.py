"""Characters that left the private use area: GB 18030-2005 and -2022 against the table of 2000.

GB 18030-2000 had no Unicode character for some of its code points and put them into the private use
area. Unicode and later versions of the standard have them. The codec of Python still has the table
of 2000, and texts and fonts of that time hold the private code points.

Sources: GB 18030-2005 and GB 18030-2022, tables of the two-byte area and of what has changed;
WHATWG Encoding Standard, index gb18030, for A3A0. Checked against `iconv` of glibc 2.36.
"""

from __future__ import annotations

import codecs

#: FE50 to FEA0, without FE7F: U+E815 to U+E864 in the table of 2000.
_FE50 = (
    "\u2e81\U00020087\U00020089\U000200cc\u2e84\u3473\u3447\u2e88"
    "\u2e8b\u9fb4\u359e\u361a\u360e\u2e8c\u2e97\u396e"
    "\u3918\u9fb5\u39cf\u39df\u3a73\u39d0\u9fb6\u9fb7"
    "\u3b4e\u3c6e\u3ce0\u2ea7\U000215d7\u9fb8\u2eaa\u4056"
    "\u415f\u2eae\u4337\u2eb3\u2eb6\u2eb7\U0002298f\u43b1"
    "\u43ac\u2ebb\u43dd\u44d6\u4661\u464c\u9fb9\u4723"
    "\u4729\u477c\u478d\u2eca\u4947\u497a\u497d\u4982"
    "\u4983\u4985\u4986\u499f\u499b\u49b7\u49b6\u9fba"
    "\U000241fe\u4ca3\u4c9f\u4ca0\u4ca1\u4c77\u4ca2\u4d13"
    "\u4d14\u4d15\u4d16\u4d17\u4d18\u4d19\u4dae\u9fbb"
)
#: A6D9 to A6DF, A6EC, A6ED and A6F3: punctuation of vertical text, U+E78D to U+E796.
_A6D9 = "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
#: A989 to A995: U+E7E7 to U+E7F3.
_A989 = "\u303e\u2ff0\u2ff1\u2ff2\u2ff3\u2ff4\u2ff5\u2ff6\u2ff7\u2ff8\u2ff9\u2ffa\u2ffb"

#: The standard character of each private code point in the table of 2000.
FROM_PRIVATE: dict[int, str] = {
    # A3A0, the blank with which old layout systems indent.
    0xE5E5: "\u3000",
    # A8BC and A8BF, letters of pinyin.
    0xE7C7: "\u1e3f",
    0xE7C8: "\u01f9",
    **{0xE78D + n: char for n, char in enumerate(_A6D9)},
    **{0xE7E7 + n: char for n, char in enumerate(_A989)},
    **{0xE815 + n: char for n, char in enumerate(_FE50)},
}


def decode_gb18030(data: bytes) -> str:
    """Return the text in `data`, in GB 18030-2022, GBK or GB 2312.

    Raises UnicodeDecodeError for bytes in another encoding.
    """
    return data.decode("gb18030", _EURO).translate(FROM_PRIVATE)


def _read_euro(error: UnicodeError) -> tuple[str, int]:
    """Read the byte 80, with which Windows writes € in its version of GBK (code page 936)."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


_EURO = "newsroom.gb18030.euro"
codecs.register_error(_EURO, _read_euro)

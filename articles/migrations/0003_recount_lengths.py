"""Count the length of each article again: full-width marks count now, as in WPS and in fees.

Only `chars` of the working copies is written. Revisions and published stories are sealed and stay.
"""

import html
import re

from django.db import migrations

WIDE = (
    "\xa4\xa7\xa8\xb0\xb1\xb7\xd7\xf7\u2014-\u2018\u201a-\u2027\u2030-\u205e\u2100-\u214f"
    "\u2160-\u2bff\u2e80-\u2fff\u3001-\u3163\u3165-\ua4cf\ua960-\ua97f\uac00-\ud7ff\ue000-\ufaff"
    "\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff9f\uffa1-\uffee\U0001f000-\U0001faff"
    "\U00020000-\U0003ffff\U000f0000-\U0010ffff"
)
BLANK = (
    "\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\xad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff\U000e0000-\U000e0fff"
)
LENGTH = re.compile(
    f"[{WIDE}]|(?:[^{WIDE}{BLANK}\u2010-\u2013\u2019]|(?<=[0-9A-Za-z])[\u2010-\u2013\u2019]"
    "(?=[0-9A-Za-z]))+|[\u2010-\u2013\u2019]"
)
ONLY_MARKS = re.compile(
    "[!-/:-@\\[-`{-~\xa1-\xa3\xa5\xa6\xa9\xab\xac\xae\xaf\xb4\xb6\xb8\xbb\xbf]+"
)
BLOCK = re.compile(r"</?(?:p|h2|blockquote|ul|ol|li|tr|td|th|table|tbody|figure)\b[^>]*>|<br\s*/?>")
TAG = re.compile(r"<[^>]+>")
BATCH = 500


def length_of(body):
    """Return the length as version 0.3 counts it, but for sequences of emoji."""
    text = html.unescape(TAG.sub("", BLOCK.sub("\n", body)))
    return sum(1 for piece in LENGTH.findall(text) if not ONLY_MARKS.fullmatch(piece))


def recount(apps, schema_editor):
    rows = apps.get_model("articles", "Article").objects.order_by("pk").only("pk", "chars", "body")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for row in batch:
            row.chars = length_of(row.body)
        rows.model.objects.bulk_update(batch, ["chars"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_reference_data")]

    operations = [migrations.RunPython(recount, migrations.RunPython.noop)]

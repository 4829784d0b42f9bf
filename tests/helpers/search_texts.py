"""Texts for searches with a small alphabet, so that characters often occur together."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: Few characters, which often meet: Han, an extension plane, newer than Python's tables, a
#: private one of a name, Latin in two widths and cases, digits, marks, quotation marks, a line.
ALPHABET = "水闸换了一𠮷\U00031350\ue001aBＡß1２㎡①é，。 _·%'\"\\*:&|!()<>-\n"
QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

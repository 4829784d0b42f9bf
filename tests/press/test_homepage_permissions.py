"""Rule: who may not arrange the homepage does not see its desk by a wrong number either."""

from __future__ import annotations

import pytest

from tests.helpers import factories


@pytest.mark.parametrize("role", ["correspondent", "reporter", "administrator"])
@pytest.mark.parametrize("data", [{"block": "photos", "count": "99"}, {"count": ""}])
def test_a_wrong_number_opens_no_door(role, data, desk, now):
    factories.make_story("水闸换了", now)
    answer = desk(role).post("/desk/press/homepage/count/", {**data, "version": "0", "q": "水闸"})
    assert answer.status_code == 403
    assert "水闸换了" not in answer.content.decode()

"""A number that grows day by day, as a line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.curves import Curve, curve

MONDAY = date(2026, 3, 2)


def test_curve_steps_up_on_each_day_and_goes_on_to_the_last() -> None:
    counts = [(MONDAY, 1), (date(2026, 3, 4), 3)]
    found = curve(counts, until=date(2026, 3, 5), most=4)
    line = "0,200 0,200 0,150 300,150 300,50 600,50"
    assert found == Curve(line=line, area=f"{line} 600,200", most=0.0)


@pytest.mark.parametrize(("most", "height"), [(None, None), (2, 133.3), (6, 0.0)])
def test_curve_has_room_for_more_than_there_is_at_most(
    most: int | None, height: float | None
) -> None:
    assert curve([(MONDAY, 6)], until=MONDAY, most=most).most == height


@given(
    st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 50), min_size=1),
    st.integers(0, 900),
    st.dates(date(2025, 1, 1), date(2029, 1, 1)),
)
def test_curve_stays_in_its_picture_and_never_falls(
    new: dict[date, int], most: int, until: date
) -> None:
    days = sorted(new)
    counts = [(day, sum(new[each] for each in days[: at + 1])) for at, day in enumerate(days)]
    points = [
        tuple(map(float, point.split(",")))
        for point in curve(counts, until=until, most=most).line.split()
    ]
    assert all(0 <= x <= 600 and 0 <= y <= 200 for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)
    assert [y for _x, y in points] == sorted((y for _x, y in points), reverse=True)

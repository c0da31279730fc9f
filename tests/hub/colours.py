"""Colours of the stylesheet as eyes meet them: OKLCH to sRGB, contrast, colour-blind sight.

Sources: B. Ottosson, "A perceptual color space for image processing" (2020); WCAG 2.2, relative
luminance and contrast ratio; Machado, Oliveira and Fernandes, "A Physiologically-based Model for
Simulation of Color Vision Deficiency" (2009), severity 1.0.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

STYLES = Path(__file__).parents[2] / "hub" / "static" / "css" / "hub.css"
_NUMBER = r"([\d.]+)"
_OKLCH = re.compile(rf"oklch\({_NUMBER} {_NUMBER} {_NUMBER}\)")
_TOKEN = re.compile(r"--([\w-]+): light-dark\((oklch\([^)/]*\)), (oklch\([^)/]*\))\);")

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

_TO_LMS: Matrix = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LMS_TO_LINEAR: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
_LINEAR_TO_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
SIGHTS: Mapping[str, Matrix] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What each kind of colour blindness makes of linear sRGB."""


class Colour(NamedTuple):
    """A colour in OKLCH: lightness 0 to 1, chroma, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def linear(self) -> Triple:
        """Linear sRGB; outside 0 to 1 when screens cannot show it."""
        angle = math.radians(self.hue)
        lab = (self.lightness, self.chroma * math.cos(angle), self.chroma * math.sin(angle))
        small, medium, large = (part**3 for part in _times(_TO_LMS, lab))
        return _times(_LMS_TO_LINEAR, (small, medium, large))

    @property
    def shown(self) -> bool:
        """Whether every screen can show it as it is (to half a step of 8 bits)."""
        return all(-0.5 / 255 <= _encoded(part) <= 1 + 0.5 / 255 for part in self.linear)


def tokens(styles: str) -> dict[str, tuple[Colour, Colour]]:
    """The colour tokens of a stylesheet: light and dark."""
    return {name: (_read(light), _read(dark)) for name, light, dark in _TOKEN.findall(styles)}


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: Colour, other: Colour, sight: str = "") -> float:
    """How far apart two colours look: Euclidean in OKLab, 1 from black to white."""
    return math.dist(_lab(one, sight), _lab(other, sight))


def _read(text: str) -> Colour:
    found = _OKLCH.fullmatch(text)
    if not found:
        raise ValueError(f"not a colour of ours: {text}")
    return Colour(*map(float, found.groups()))


def _lab(colour: Colour, sight: str) -> Triple:
    seen = _times(SIGHTS[sight], colour.linear) if sight else colour.linear
    red, green, blue = (min(max(part, 0.0), 1.0) for part in seen)
    small, medium, large = (part ** (1 / 3) for part in _times(_LINEAR_TO_LMS, (red, green, blue)))
    return _times(_TO_LAB, (small, medium, large))


def _luminance(colour: Colour) -> float:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in colour.linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _encoded(linear: float) -> float:
    """The gamma of sRGB, continued below 0."""
    if abs(linear) <= 0.0031308:
        return 12.92 * linear
    return math.copysign(1.055 * abs(linear) ** (1 / 2.4) - 0.055, linear)


def _times(matrix: Matrix, vector: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return (first, second, third)

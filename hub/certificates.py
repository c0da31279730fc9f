"""Certificates of attendance as PDF (ISO 32000)."""

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN = 22.0
"""Millimetres around what is printed."""
SIDES = ((170, 116, 4), (82, 127, 202), (157, 103, 178), (85, 146, 71), (189, 93, 114))
"""The colours of the strands of the mark, on paper."""


def certificate(
    *,
    language: str,
    hub: str,
    heading: str,
    name: str,
    sentence: str,
    title: str,
    facts: Sequence[tuple[str, str]],
    footer: str,
    made_at: datetime,
) -> bytes:
    """One page, A4 across, that says that somebody took part in something.

    The same input gives the same bytes.
    """
    # It loads slowly, and few pages need it.
    from fpdf import FPDF

    fonts = resources.files("ttf_opensans") / "ttf"
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_creation_date(made_at)
    pdf.set_title(f"{heading}: {title}")
    pdf.set_author(hub)
    pdf.set_lang(language)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(False)
    with (
        resources.as_file(fonts / "OpenSans-Regular.ttf") as plain,
        resources.as_file(fonts / "OpenSans-Bold.ttf") as bold,
    ):
        pdf.add_font("body", "", str(plain))
        pdf.add_font("body", "B", str(bold))
        pdf.add_page()
        _strands(pdf)
        _line(pdf, hub, 11)
        pdf.ln(16)
        _line(pdf, heading, 26, bold=True)
        pdf.ln(10)
        _line(pdf, name, 20, bold=True)
        pdf.ln(2)
        _line(pdf, sentence, 12)
        _line(pdf, title, 15, bold=True)
        pdf.ln(6)
        for label, value in facts:
            _line(pdf, f"{label}: {value}", 11)
        pdf.set_y(-MARGIN)
        _line(pdf, footer, 8)
        return bytes(pdf.output())


def _strands(pdf: "FPDF") -> None:
    for number, colour in enumerate(SIDES):
        pdf.set_fill_color(*colour)
        pdf.rect(0, number * 1.2, pdf.w, 1.2, style="F")
    pdf.set_y(MARGIN)


def _line(pdf: "FPDF", text: str, size: float, *, bold: bool = False) -> None:
    pdf.set_font("body", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")

"""Readable addresses of things that have a title."""

import re
import unicodedata


def slug_of(title: str, id: str, *, otherwise: str) -> str:
    """The title in ASCII and the end of the id; `otherwise` stands for a title without Latin."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title.lower()).strip("-")[:80].strip("-")
    return f"{words or otherwise}-{id[-6:]}"

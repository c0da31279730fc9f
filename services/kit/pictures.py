"""Pictures that people bring, made again from nothing but their colours.

Of the file nothing is left: no place where it was taken, no name, nothing hidden behind it.
"""

import struct
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from services.kit.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 40_000_000
"""What a camera makes; a small file that claims more is not unfolded."""
LEAST_WIDTH, LEAST_HEIGHT = 400, 210

# One at a time: each takes the memory of all its pixels.
_one = Lock()


def remade(content: bytes, *sizes: tuple[int, int]) -> list[bytes]:
    """JPEG files of these sizes, cut around the middle; raises Invalid for what is no picture."""
    # A large library that few requests need.
    from PIL import Image, ImageOps

    try:
        with _one, Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            _check_size(opened)
            # A large JPEG is read at a half or a quarter of its size at once.
            opened.draft("RGB", (2 * max(w for w, _h in sizes), 2 * max(h for _w, h in sizes)))
            if opened.mode.startswith(("I", "F")):
                raise Invalid("This file is not a picture that can be read.", field="file")
            upright = ImageOps.exif_transpose(opened)
            colours = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            return [_jpeg(_flat(ImageOps.fit(colours, size))) for size in sizes]
    except Invalid:
        raise
    except (
        OSError, SyntaxError, ValueError, EOFError, struct.error, MemoryError,
        # What the library says of notes in a picture that are not as they should be.
        TypeError, KeyError, AttributeError, OverflowError,
        Image.DecompressionBombError, Image.DecompressionBombWarning,
    ) as error:  # fmt: skip
        raise Invalid("This file is not a picture that can be read.", field="file") from error


def _check_size(picture: "Image") -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Invalid("This picture has too many pixels. Please make it smaller.", field="file")
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise Invalid(
            "This picture is too small: it needs 400 by 210 pixels at least.", field="file"
        )


def _flat(picture: "Image") -> "Image":
    """On white where something shines through, and without comments, which pictures carry on."""
    from PIL import Image

    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return flat


def _jpeg(picture: "Image") -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=82, optimize=True, progressive=True)
    return file.getvalue()

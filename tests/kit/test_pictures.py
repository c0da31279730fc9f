"""Pictures that people bring, made again from their colours alone."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from services.kit.errors import Invalid
from services.kit.pictures import remade

SECRET = b"Olga was at home, 51.92 N 4.47 E"


def picture(
    kind: str,
    size: tuple[int, int] = (800, 600),
    mode: str = "RGB",
    color: str | int = "teal",
    **how: Any,
) -> bytes:
    """A file of one colour."""
    file = BytesIO()
    Image.new(mode, size, color).save(file, kind, **how)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_picture_is_remade_in_each_size_as_jpeg(kind: str, mode: str) -> None:
    content = remade(picture(kind, mode=mode), (1200, 630), (480, 252))
    opened = [Image.open(BytesIO(each)) for each in content]
    assert [(one.format, one.size) for one in opened] == [
        ("JPEG", (1200, 630)), ("JPEG", (480, 252)),
    ]  # fmt: skip


def test_picture_loses_everything_but_its_colours() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    content = picture("JPEG", exif=exif, comment=SECRET) + b"<script>alert(1)</script>" + SECRET
    assert content.count(SECRET) == 3
    (remains,) = remade(content, (480, 252))
    assert SECRET not in remains
    assert b"script" not in remains
    assert dict(Image.open(BytesIO(remains)).getexif()) == {}


def test_picture_stands_upright_as_its_camera_says() -> None:
    made = Image.new("RGB", (800, 600), "white")
    made.paste("black", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = BytesIO()
    made.save(file, "JPEG", exif=exif)
    upright = Image.open(BytesIO(remade(file.getvalue(), (480, 252))[0])).convert("L")
    assert upright.getpixel((240, 10)) == pytest.approx(0, abs=5)
    assert upright.getpixel((240, 240)) == pytest.approx(255, abs=5)


def test_picture_shines_through_to_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (800, 600), (0, 0, 0, 0)).save(file, "PNG")
    shown = Image.open(BytesIO(remade(file.getvalue(), (480, 252))[0]))
    assert shown.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a" + bytes(100), "not a picture"),
        (b"\xff\xd8\xff" + bytes(100), "not a picture"),
        (picture("PNG")[:-900], "not a picture"),
        (picture("JPEG")[:2000], "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (picture("PNG", mode="I;16", color=12_288), "not a picture"),
        (bomb(6500, 6500), "too many pixels"),
        (bomb(10_000, 10_000), "not a picture"),
        (bomb(60_000, 60_000), "not a picture"),
        (picture("PNG", (300, 300)), "too small"),
    ],
    ids=[
        "gif",
        "garbage",
        "cut png",
        "cut jpeg",
        "svg",
        "16 bits",
        "big",
        "bigger",
        "bomb",
        "small",
    ],
)
def test_picture_that_is_none_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        remade(content, (480, 252))


def test_odd_notes_in_a_picture_break_nothing() -> None:
    # An orientation that is text where a number belongs.
    notes = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x02\x00\x04\x00\x00\x00abc\x00"
    try:
        (small,) = remade(picture("JPEG", exif=notes + bytes(4)), (480, 252))
    except Invalid:
        return
    assert Image.open(BytesIO(small)).size == (480, 252)

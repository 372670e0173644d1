"""A picture as it comes in: told apart by its bytes and measured before anything is decoded.

A hostile file of 17 kB can fill the memory, and one of 8 MB can keep a processor busy for an
hour. `docs/pictures.md` has the measurements behind each limit.
"""

import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from flask_babel import lazy_gettext as _
from PIL import Image, ImageFile

from core.errors import DomainError

BYTES_MAX = 8 * 1024 * 1024
SIDE_MIN = 200  # Pixels; below this a photo is blurred in the smallest slot.
RATIO_MAX = 3  # Longer is a panorama or a pasted chat, which fits no slot and fills the memory.

PIXELS_MAX = 40_000_000
Image.MAX_IMAGE_PIXELS = PIXELS_MAX
# What decoding may hold, and bytes held for each pixel as measured: Pillow holds a PNG once and a
# WebP four times; a JPEG is shrunk on the way unless it comes in several scans.
MEMORY_MAX = 135_000_000
HELD = {"PNG": 4, "WEBP": 16}
HELD_IN_SCANS = 2  # For each colour band.
# Cameras write about a dozen. Every scan costs a pass over all pixels, and 42 bytes make one.
SCANS_MAX = 32
BLOCKS_MAX = {"JPEG": 1_000, "PNG": 10_000}  # Pillow reads a flood of empty blocks for 6 seconds.

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# The markers that carry a block. The decoder steps over the others without believing a length.
JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset(TURNS[orientation] for orientation in (5, 6, 7, 8))
UNREADABLE = (OSError, SyntaxError, ValueError, struct.error)


class NotAPicture(DomainError):
    """Not one of the three kinds we read, whatever its name says."""

    sentence = _("Berkas ini bukan foto JPEG, PNG, atau WebP.")


class HeicPicture(NotAPicture):
    """An iPhone's own format."""

    sentence = _(
        "Foto iPhone (HEIC) belum bisa dibaca. Di iPhone buka Pengaturan, Kamera, Format."
        " Pilih Paling Kompatibel, lalu foto lagi."
    )


class SvgPicture(NotAPicture):
    """A drawing that may carry scripts."""

    sentence = _("Gambar SVG tidak bisa dipakai. Kirim sebagai PNG atau JPEG.")


class MovingPicture(NotAPicture):
    """More than one frame; showing only the first would surprise her."""

    sentence = _("Gambar bergerak tidak bisa dipakai. Kirim foto biasa.")


class BrokenPicture(NotAPicture):
    """Cut off on the way, or damaged."""

    sentence = _("Foto ini rusak atau terkirim sebagian. Kirim sekali lagi.")


class PictureTooLarge(DomainError):
    """More bytes or pixels than we decode."""

    sentence = _("Foto ini terlalu besar. Kecilkan dulu, lalu kirim lagi.")


class PictureTooLong(DomainError):
    """One side is more than three times the other."""

    sentence = _("Foto ini terlalu panjang. Potong dulu, lalu kirim lagi.")


class PictureTooSmall(DomainError):
    """Too few pixels to show."""

    sentence = _("Foto ini terlalu kecil dan akan buram. Pilih foto yang lebih besar.")


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture's header tells: JPEG, PNG or WEBP, and its size (pixels) seen upright."""

    kind: str
    width: int
    height: int
    turn: Image.Transpose | None

    @property
    def content_type(self) -> str:
        """What the bytes truly are, whatever the sender called them."""
        return f"image/{self.kind.lower()}"

    @property
    def is_sideways(self) -> bool:
        """Whether the stored rows are columns of the upright picture."""
        return self.turn in SIDEWAYS


def inspect(content: bytes) -> Picture:
    """Read the header only and hold it against the limits; raises the DomainErrors above."""
    if len(content) > BYTES_MAX:
        raise PictureTooLarge
    kind = _kind(content)
    scans = _check_blocks(kind, content)
    with _opened(content, kind) as image:
        if kind != "JPEG" and getattr(image, "is_animated", False):  # A JPEG's are mere extras.
            raise MovingPicture
        turn = _turn(image)
        width, height = image.size
        held = HELD.get(kind, HELD_IN_SCANS * len(image.getbands()) if scans > 1 else 0)
    if width * height > PIXELS_MAX or width * height * held > MEMORY_MAX:
        raise PictureTooLarge
    if min(width, height) < SIDE_MIN:
        raise PictureTooSmall
    if max(width, height) > RATIO_MAX * min(width, height):
        raise PictureTooLong
    if turn in SIDEWAYS:
        width, height = height, width
    return Picture(kind, width, height, turn)


def decode(content: bytes, picture: Picture, stored_size: tuple[int, int]) -> Image.Image:
    """The pixels as stored; a JPEG already shrunk, but not below this size.

    Raises BrokenPicture where the pixels do not keep what the header said.
    """
    with _opened(content, picture.kind) as image:
        image.draft(None, stored_size)
        image.load()
    return image


def _kind(content: bytes) -> str:
    """What the bytes are, whatever the name says; raises NotAPicture."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise HeicPicture
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<") and b"<svg" in head:
        raise SvgPicture
    raise NotAPicture


def _check_blocks(kind: str, content: bytes) -> int:
    """Walk the blocks of a JPEG or PNG to its end mark and count the scans.

    Raises BrokenPicture where the end never comes or the blocks are made to exhaust us.
    """
    if kind == "WEBP":
        return 1  # Its decoder walks it whole before anything else.
    walk = _jpeg_blocks if kind == "JPEG" else _png_blocks
    scans = 0
    for number, block in enumerate(walk(content)):
        if block in (b"\xd9", b"IEND"):
            return scans
        scans += block == b"\xda"
        if number > BLOCKS_MAX[kind] or scans > SCANS_MAX:
            raise BrokenPicture
    raise BrokenPicture


def _jpeg_blocks(content: bytes) -> Iterator[bytes]:
    """Markers in order; pixel data holds none, so the next marker found ends it."""
    at = 2
    while found := JPEG_MARKER.search(content, at):
        yield found[1]
        at = found.end() + int.from_bytes(content[found.end() : found.end() + 2], "big")


def _png_blocks(content: bytes) -> Iterator[bytes]:
    """Chunk names in order: length, name, content, checksum."""
    at = 8
    while at + 12 <= len(content):
        yield content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")


@contextmanager
def _opened(content: bytes, kind: str) -> Iterator[ImageFile.ImageFile]:
    """Pillow's view of the picture; whatever it cannot read is a BrokenPicture."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Odd EXIF, which we drop anyway.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content), formats=(kind,)) as image:
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PictureTooLarge from None
        except UNREADABLE as error:
            raise BrokenPicture from error


def _turn(image: ImageFile.ImageFile) -> Image.Transpose | None:
    """What brings the picture upright; a mangled EXIF says that it stands.

    Not `getexif()`: for a PNG that decodes all pixels.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return TURNS.get(exif.get(ORIENTATION, 1))
    except UNREADABLE:
        return None

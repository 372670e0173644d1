"""Pictures as they go out: small copies drawn anew, and the addresses templates use.

A phone's photo says where its owner lives. So nothing of the file that came in is in the files
that go out but its pixels.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

from core.pictures import Picture, decode, inspect

WIDTHS = (1280, 640, 320)
SHARE_SIZE = (1200, 630)  # What WhatsApp and Facebook show under a link.
SHARE_BYTES_MAX = 300_000  # WhatsApp leaves out what is heavier.
SHARE_QUALITIES = (82, 70, 55, 40, 25)
MIST = "#FBF7EC"  # The page behind every photo (kabut).

CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
SAVING: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True},
}

SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Variant:
    """One drawn copy; `kind` is avif, webp or jpg, sizes in pixels."""

    kind: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """All copies of one picture; width and height are those of the widest."""

    width: int
    height: int
    colour: str
    variants: tuple[Variant, ...]
    share: Variant

    def files(self, base: str) -> dict[str, Variant]:
        """What to store under which key."""
        return {f"{base}/{v.width}.{v.kind}": v for v in self.variants} | {
            _share_path(base): self.share
        }


@dataclass(frozen=True, slots=True)
class Photo:
    """A rendered picture as a template shows it; `base_url` is the address of its base key."""

    base_url: str
    width: int
    height: int
    alt: str
    colour: str

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Content type and srcset of each kind, the lightest first."""
        return list(_sources(self.base_url, self.width))

    @property
    def url(self) -> str:
        """The JPEG for those who read nothing else: 640 wide, or the next best."""
        width = min((w for w in widths(self.width) if w >= 640), default=widths(self.width)[0])
        return f"{self.base_url}/{width}.jpg"

    @property
    def share_url(self) -> str:
        """The picture under a shared link."""
        return _share_path(self.base_url)


@lru_cache(maxsize=4096)  # A list shows the same photos again and again.
def _sources(base_url: str, width: int) -> tuple[tuple[str, str], ...]:
    kept = sorted(widths(width))
    return tuple(
        (content_type, ", ".join(f"{base_url}/{w}.{kind} {w}w" for w in kept))
        for kind, content_type in CONTENT_TYPES.items()
    )


def new_base() -> str:
    """A fresh beginning for a picture's keys, not to be guessed before it is shown."""
    return f"public/photo/{secrets.token_hex(12)}"


def keys(base: str, width: int) -> list[str]:
    """Every key of a rendered picture, so that a job can delete them."""
    copies = [f"{base}/{w}.{kind}" for w in widths(width) for kind in CONTENT_TYPES]
    return [*copies, _share_path(base)]


def widths(width: int) -> tuple[int, ...]:
    """The widths kept of a picture this wide: never wider than itself, and never almost equal."""
    top = min(width, WIDTHS[0])
    return (top, *(w for w in WIDTHS if w <= top * 4 // 5))


def _share_path(base: str) -> str:
    return f"{base}/share.jpg"


def render(content: bytes) -> Rendered:
    """Draw the clean copies, for a job: a second of work. Raises what `inspect` raises."""
    picture = inspect(content)
    top = _upright(content, picture)
    variants = []
    copy = top
    for width in widths(top.width):
        copy = copy.resize((width, _scaled(top.height, width, top.width)), Image.Resampling.LANCZOS)
        variants += [_saved(copy, kind) for kind in CONTENT_TYPES]
    return Rendered(top.width, top.height, _colour(copy), tuple(variants), _share(top))


def plain(content: bytes) -> bytes:
    """One clean JPEG for people who may see it: upright, not too wide, and nothing but its pixels.

    Raises what `inspect` raises.
    """
    return _saved(_upright(content, inspect(content)), "jpg").content


def _upright(content: bytes, picture: Picture) -> Image.Image:
    """The picture upright, in sRGB, at its widest copy's size, with nothing but its pixels."""
    width = widths(picture.width)[0]
    size = (width, _scaled(picture.height, width, picture.width))
    if picture.is_sideways:
        size = size[::-1]
    small, profile = _reduced(content, picture, size)
    small = small.resize(size, Image.Resampling.LANCZOS)
    alpha = small.getchannel("A") if small.mode == "RGBA" else None
    flat = Image.new("RGB", size, MIST)  # A new image carries no metadata over.
    flat.paste(_in_srgb(small.convert("RGB") if alpha else small, profile), mask=alpha)
    return flat if picture.turn is None else flat.transpose(picture.turn)


def _scaled(length: int, new: int, old: int) -> int:
    return max(1, round(length * new / old))


def _reduced(
    content: bytes, picture: Picture, size: tuple[int, int]
) -> tuple[Image.Image, bytes | None]:
    """The pixels at once to twice this size, with their colour profile.

    Strip by strip, because a whole second copy of a large picture would not fit the budget.
    """
    image = decode(content, picture, size)
    mode = image.mode if image.mode in ("L", "RGB", "CMYK") else "RGBA"
    if "transparency" in image.info:
        mode = "RGBA"
    factor = max(1, image.width // size[0])
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    step = 64 * factor
    for top in range(0, image.height, step):
        strip = image.crop((0, top, image.width, min(top + step, image.height)))
        if strip.mode == "I;16":  # Pillow cuts 16 bits off at 255 instead of dividing.
            strip = strip.point(lambda value: value / 256).convert("L")
        small.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    return small, image.info.get("icc_profile")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the camera meant them; a profile that does not fit is ignored."""
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def _saved(image: Image.Image, kind: str, **changes: int) -> Variant:
    file = BytesIO()
    image.save(file, **(SAVING[kind] | changes))
    return Variant(kind, image.width, image.height, file.getvalue())


def _share(top: Image.Image) -> Variant:
    """The picture under a link: cut to fit if that costs less than a third, else set on mist."""
    wide, high = SHARE_SIZE
    kept = min(top.width * high, top.height * wide) / max(top.width * high, top.height * wide)
    if kept > 2 / 3 and top.width >= wide and top.height >= high:
        card = ImageOps.fit(top, SHARE_SIZE, Image.Resampling.LANCZOS)
    else:
        inner = top.copy()
        inner.thumbnail(SHARE_SIZE, Image.Resampling.LANCZOS)
        card = Image.new("RGB", SHARE_SIZE, MIST)
        card.paste(inner, ((wide - inner.width) // 2, (high - inner.height) // 2))
    cards = (_saved(card, "jpg", quality=quality) for quality in SHARE_QUALITIES)
    return next(card for card in cards if len(card.content) < SHARE_BYTES_MAX)


def _colour(image: Image.Image) -> str:
    """The colour that covers most of the picture, as #rrggbb."""
    few = image.resize((32, 32), Image.Resampling.BOX).quantize(5)
    counts = few.histogram()
    most = counts.index(max(counts))
    red, green, blue = (few.getpalette("RGB") or [])[3 * most : 3 * most + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"

"""Pictures made to exhaust us, and the limits that stop them."""

import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from core.errors import DomainError
from core.pictures import (
    BYTES_MAX,
    BrokenPicture,
    NotAPicture,
    PictureTooLarge,
    PictureTooLong,
    PictureTooSmall,
    inspect,
)
from tests.core.hostile import chunk, many_scans, moving_webp, plain, png, riff, saved, three_bytes


def refused_quickly(content, why=DomainError):
    began = time.process_time()
    with pytest.raises(why):
        inspect(content)
    assert time.process_time() - began < 1


def test_a_picture_of_too_many_bytes_is_refused_unread():
    whole = saved(plain())
    inspect(whole + bytes(BYTES_MAX - len(whole)))
    refused_quickly(whole + bytes(BYTES_MAX - len(whole) + 1), PictureTooLarge)


@pytest.mark.parametrize(("side", "size"), [(12_000, 18_000), (30_000, 110_000)])
def test_a_small_file_of_many_pixels_is_refused_before_it_is_decoded(side, size):
    content = png(side, side)
    assert len(content) < size
    refused_quickly(content, PictureTooLarge)


def test_the_limit_holds_where_somebody_lifts_pillow_s_own(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    refused_quickly(saved(plain(6400, 6400, "L")), PictureTooLarge)


def test_a_large_picture_is_measured_without_decoding_it():
    content = png(5700, 5700)
    times = []
    for _ in range(3):
        began = time.process_time()
        inspect(content)
        times.append(time.process_time() - began)
    assert min(times) < 0.01


def test_a_webp_canvas_of_many_pixels_is_refused():
    header = bytes(4) + three_bytes(16_382) * 2
    still = saved(plain(), "WEBP")
    refused_quickly(riff((b"VP8X", header), (b"VP8 ", still[20:])), DomainError)
    refused_quickly(moving_webp(1, side=16_383), PictureTooLarge)


@pytest.mark.parametrize(
    "flood",
    [
        b"\xff\xd8" * 4_000_000,
        b"\xff\xd8" + b"\xff" * 8_000_000,
        b"\xff\xd8" + b"\xff\xfe\0\2" * 2_000_000,
        b"\xff\xd8" + b"\xff\xe5\0\0" * 2_000_000,
        png(300, 240, chunk(b"tIME", b"") * 690_000),
        png(300, 240, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000))) * 7_000),
        png(300, 240, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(90_000_000)))),
        moving_webp(7_000, frame_side=16),
    ],
    ids=["starts", "fill", "comments", "no length", "times", "texts", "profile", "frames"],
)
def test_a_flood_of_blocks_is_refused_quickly(flood):
    refused_quickly(flood[:BYTES_MAX] if flood[:2] == b"\xff\xd8" else flood, NotAPicture)


def test_a_jpeg_of_thousands_of_passes_is_refused():
    inspect(many_scans(5))
    refused_quickly(many_scans(40), BrokenPicture)
    refused_quickly(many_scans(5_000), BrokenPicture)


@pytest.mark.parametrize("marker", [0x02, 0x01, 0xBF, 0xD3])
def test_passes_cannot_hide_behind_a_marker_that_carries_no_block(marker):
    refused_quickly(many_scans(400, marker), BrokenPicture)


# Memory: 300 MB is what a worker may hold; the widest pictures that are let in, drawn alone.

CHILD = """
import sys
from core.images import render
render(open(sys.argv[1], "rb").read())
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def megabytes_to_draw(content, tmp_path):
    inspect(content)
    path = tmp_path / "picture"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD, path],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return int(done.stdout) / 1000


@pytest.mark.parametrize(
    ("kind", "mode", "size", "how"),
    [
        ("JPEG", "RGB", (7300, 5470), {}),
        ("JPEG", "RGB", (4740, 4740), {"progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", (4100, 4100), {"progressive": True}),
        ("PNG", "RGBA", (5119, 6580), {"compress_level": 1}),
        ("PNG", "RGBA", (2559, 7677), {"compress_level": 1}),
        ("WEBP", "RGBA", (3840, 2160), {"method": 0}),
    ],
    ids=["jpeg", "jpeg in passes", "print jpeg in passes", "png", "long png", "webp"],
)
def test_the_largest_pictures_let_in_are_drawn_in_less_than_300_mb(kind, mode, size, how, tmp_path):
    content = saved(Image.new(mode, size, (120, 90, 60, 200)[: len(mode)]), kind, **how)
    assert megabytes_to_draw(content, tmp_path) < 300


@pytest.mark.parametrize(
    ("kind", "mode", "size", "how"),
    [
        ("JPEG", "L", (6400, 6400), {}),
        ("JPEG", "L", (8400, 8400), {"progressive": True}),
        ("JPEG", "RGB", (4760, 4760), {"progressive": True}),
        ("PNG", "L", (5900, 5900), {"compress_level": 1}),
        ("WEBP", "RGB", (2950, 2950), {"method": 0}),
    ],
)
def test_one_step_larger_is_refused(kind, mode, size, how):
    content = saved(Image.new(mode, size), kind, **how)
    refused_quickly(content, PictureTooLarge)


def test_what_is_too_small_or_too_long_is_refused():
    inspect(saved(plain(200, 200)))
    inspect(saved(plain(200, 600)))
    for size in ((1, 1), (199, 400), (400, 199)):
        with pytest.raises(PictureTooSmall):
            inspect(saved(plain(*size)))
    for size in ((200, 601), (601, 200)):
        with pytest.raises(PictureTooLong):
            inspect(saved(plain(*size)))

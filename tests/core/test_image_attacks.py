"""Pictures made to spy or to smuggle, files that are no pictures, and damaged ones."""

import io
import random
import re
import struct
import time

import pytest
from PIL import Image

from core.errors import DomainError
from core.images import render
from core.pictures import (
    BrokenPicture,
    HeicPicture,
    MovingPicture,
    NotAPicture,
    PictureTooSmall,
    SvgPicture,
    inspect,
)
from tests.core.hostile import (
    SECRET,
    chunk,
    moving_webp,
    plain,
    png,
    saved,
    sections,
    telling_exif,
    with_checksums,
)

HTML = b"<script>alert('" + SECRET + b"')</script>"


# What goes out.


def jpeg_is_bare(content):
    parts = sections(content)
    names = {part[:2] for part in parts[1:]}
    drawing = {b"\xff" + bytes([n]) for n in (0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xD9)}
    return names <= drawing and parts[-1] == b"\xff\xd9"


def webp_is_bare(content):
    whole = struct.unpack("<L", content[4:8])[0] + 8 == len(content)
    return (
        whole
        and content[12:16] == b"VP8 "
        and (struct.unpack("<L", content[16:20])[0] in (len(content) - 20, len(content) - 21))
    )


def avif_is_bare(content):
    at, boxes = 0, []
    while at < len(content):
        size = struct.unpack(">L", content[at : at + 4])[0]
        assert size >= 8
        boxes.append(content[at + 4 : at + 8])
        at += size
    items = set(re.findall(rb"infe.{8}(.{4})", content, re.DOTALL))
    bare = boxes == [b"ftyp", b"meta", b"mdat"] and items == {b"av01"}
    return at == len(content) and bare and b"colrprof" not in content


BARE = {"jpg": jpeg_is_bare, "webp": webp_is_bare, "avif": avif_is_bare}


def assert_nothing_came_through(content):
    drawn = render(content)
    for variant in (*drawn.variants, drawn.share):
        assert BARE[variant.kind](variant.content), (variant.kind, variant.width)
        for word in (SECRET, b"Exif", b"script", b"http", b"ICC", b"CREATOR"):
            assert word not in variant.content
        with Image.open(io.BytesIO(variant.content)) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "xmp"} & image.info.keys()


def test_the_checks_above_would_notice():
    """A bare copy passes, and the same with something left in does not."""
    for kind, name in (("jpg", "JPEG"), ("webp", "WEBP"), ("avif", "AVIF")):
        assert BARE[kind](saved(plain(), name))
        assert not BARE[kind](saved(plain(), name, exif=telling_exif()))
        assert not BARE[kind](saved(plain(), name, icc_profile=b"profile of some kind"))
    assert not jpeg_is_bare(saved(plain(), comment=SECRET))
    assert not jpeg_is_bare(saved(plain()) + HTML)
    assert not webp_is_bare(saved(plain(), "WEBP") + HTML)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_copy_tells_place_owner_serial_number_or_the_uncropped_picture(kind):
    content = saved(plain(), kind, exif=telling_exif(), icc_profile=b"CREATOR " + SECRET)
    with Image.open(io.BytesIO(content)) as image:
        assert image.getexif().get_ifd(0x8825)[2] == (7.0, 21.0, 5.0)
    assert content.count(SECRET) >= 2
    assert inspect(content).is_sideways
    assert_nothing_came_through(content)


def test_no_copy_carries_a_comment_or_text():
    assert_nothing_came_through(saved(plain(), comment=HTML, xmp=b"<x:xmpmeta>" + SECRET))
    text = chunk(b"tEXt", b"Comment\0" + HTML)
    assert_nothing_came_through(png(300, 240, text, chunk(b"iTXt", b"a\0\0\0\0\0" + HTML)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("tail", [HTML, b"<?php system($_GET[0]);", b"PK\3\4GIFAR" + SECRET])
def test_what_hangs_behind_a_picture_is_cut_off(kind, tail):
    content = saved(plain(), kind) + tail
    assert_nothing_came_through(content)


def test_a_page_hidden_in_front_of_the_pixels_is_cut_out():
    head, *rest = sections(saved(plain()))
    hidden = b"\xff\xfe" + struct.pack(">H", len(HTML) + 2) + HTML
    assert_nothing_came_through(head + hidden + b"".join(rest))


# What is no picture.


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"<!doctype html>" + HTML,
        saved(plain(mode="P"), "GIF"),
        saved(plain(), "BMP"),
        saved(plain(), "TIFF"),
        saved(plain(), "AVIF"),
        b"%PDF-1.7 <svg",
        b"RIFF\x10\0\0\0WAVEfmt ",
        HTML + saved(plain()),
    ],
    ids=["empty", "one byte", "page", "gif", "bmp", "tiff", "avif", "pdf", "sound", "page first"],
)
def test_what_is_not_one_of_three_kinds_is_refused_whatever_its_name(content):
    with pytest.raises(NotAPicture) as refused:
        inspect(content)
    assert type(refused.value) is NotAPicture


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf \n", b'<?xml version="1.0"?><!-- x -->'])
def test_svg_is_refused_by_name(head):
    with pytest.raises(SvgPicture, match="SVG"):
        inspect(head + b'<SVG xmlns="http://www.w3.org/2000/svg">' + HTML + b"</svg>")


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"hevc"])
def test_an_iphone_photo_is_refused_with_what_to_do(brand):
    with pytest.raises(HeicPicture, match="Paling Kompatibel"):
        inspect(b"\0\0\0\x18ftyp" + brand + bytes(100))


@pytest.mark.parametrize("frames", [2, 5_000])
def test_moving_webp_is_refused(frames):
    began = time.process_time()
    with pytest.raises(MovingPicture):
        inspect(moving_webp(frames))
    assert time.process_time() - began < 1


def test_moving_png_is_refused():
    frames = [plain(300, 240, "L"), plain(300, 240, "L").rotate(180)]
    content = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(MovingPicture):
        inspect(content)


# What is damaged.


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.995])
def test_a_picture_cut_off_on_the_way_is_refused_while_she_is_there(kind, share):
    noise = Image.frombytes("RGB", (300, 240), random.Random(1).randbytes(300 * 240 * 3))
    content = saved(noise, kind)
    with pytest.raises(NotAPicture):
        inspect(content[: int(len(content) * share)])


def test_pixels_that_break_off_inside_a_whole_file_are_refused_when_decoded():
    with pytest.raises(BrokenPicture):
        render(png(300, 240, kept=20))


def test_a_picture_of_one_point_is_refused():
    with pytest.raises(PictureTooSmall):
        inspect(png(1, 1))


def bruised(content, luck):
    wounded = bytearray(content)
    for _ in range(luck.choice((1, 2, 8, 40))):
        where = luck.randrange(min(len(wounded), luck.choice((200, 700, 10**6))))
        wounded[where] = luck.randrange(256)
    return with_checksums(wounded) if content.startswith(b"\x89PNG") else bytes(wounded)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_drawn_or_refused_and_never_a_crash(kind):
    luck = random.Random(kind)
    content = saved(plain(210, 205), kind, exif=telling_exif())
    refused = 0
    for _ in range(60):
        try:
            render(bruised(content, luck))
        except DomainError:
            refused += 1
    assert 0 < refused < 60


def test_mangled_exif_does_not_cost_her_the_photo():
    for exif in (
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0XX*\0junk",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"junk" * 99,
    ):
        assert inspect(saved(plain(), exif=exif)).turn is None

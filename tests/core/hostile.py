"""Hostile and telling picture files, built byte by byte for the tests beside this file."""

import io
import re
import struct
import zlib

from PIL import Image

SECRET = b"RAHASIA-ALAMAT-RUMAH"


def saved(image, kind="JPEG", **how):
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def plain(width=300, height=240, mode="RGB"):
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def tag(number, kind, count, value):
    return struct.pack("<HHL", number, kind, count) + value.ljust(4, b"\0")


def telling_exif():
    """Camera owner and serial number, place, and the small picture from before the crop."""
    thumbnail = saved(plain(160, 120), comment=SECRET)
    first = [
        tag(0x010F, 2, len(SECRET), struct.pack("<L", 200)),
        tag(0x0112, 3, 1, struct.pack("<H", 6)),
        tag(0x8825, 4, 1, struct.pack("<L", 60)),
    ]
    place = [tag(1, 2, 2, b"S\0"), tag(2, 5, 3, struct.pack("<L", 230))]
    second = [
        tag(0x0201, 4, 1, struct.pack("<L", 300)),
        tag(0x0202, 4, 1, struct.pack("<L", len(thumbnail))),
    ]
    out = bytearray(300)
    for at, tags, following in ((8, first, 120), (60, place, 0), (120, second, 0)):
        ifd = struct.pack("<H", len(tags)) + b"".join(tags) + struct.pack("<L", following)
        out[at : at + len(ifd)] = ifd
    out[0:8] = b"II*\0" + struct.pack("<L", 8)
    out[200 : 200 + len(SECRET)] = SECRET
    out[230:254] = struct.pack("<6L", 7, 1, 21, 1, 5, 1)
    return b"Exif\0\0" + bytes(out) + thumbnail


def chunk(name, content):
    checksum = zlib.crc32(name + content)
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", checksum)


def png(width, height, *extra, kept=None):
    """A PNG of black and white, all black: the pixels shrink a thousandfold."""
    pixels = zlib.compress(bytes((1 + (width + 7) // 8) * height), 9)[:kept]
    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + body


def riff(*chunks):
    body = b"WEBP" + b"".join(
        name + struct.pack("<L", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body


def three_bytes(number):
    return number.to_bytes(3, "little")


def moving_webp(frames, side=300, frame_side=300):
    still = saved(plain(frame_side, frame_side), "WEBP")[12:]
    header = bytes([2, 0, 0, 0]) + three_bytes(side - 1) * 2
    frame = bytes(6) + three_bytes(frame_side - 1) * 2 + three_bytes(40) + b"\0" + still
    return riff((b"VP8X", header), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * frames)


def sections(jpeg):
    """Cut a JPEG before each marker that opens a block."""
    at, cuts = 2, [0]
    while jpeg[at : at + 2] != b"\xff\xd9":
        cuts.append(at)
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        at = re.compile(rb"\xff[^\x00\xd0-\xd7]").search(jpeg, at).start()
    cuts.append(at)
    return [jpeg[a:b] for a, b in zip(cuts, [*cuts[1:], len(jpeg)], strict=True)]


def many_scans(scans, marker=None):
    """A JPEG whose last pass over the pixels is repeated, if asked behind a marker's length."""
    parts = sections(saved(Image.new("RGB", (2000, 2000)), progressive=True))
    *head, last, end = parts
    repeated = last * scans
    if marker is not None:
        repeated = b"\xff" + bytes([marker]) + struct.pack(">H", len(repeated) + 2) + repeated
    return b"".join([*head, last, repeated, end])


def with_checksums(content):
    """A PNG whose damage passes the first look."""
    at = 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        if end + 4 > len(content):
            break
        content[end : end + 4] = struct.pack(">L", zlib.crc32(content[at + 4 : end]))
        at = end + 4
    return bytes(content)

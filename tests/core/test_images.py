"""Pictures that mothers send, and the copies drawn from them."""

import io
import random

import pytest
from PIL import Image, ImageCms

from core import images, pictures
from core.images import Photo, keys, new_base, render, widths
from core.pictures import inspect
from core.storage import LocalStorage, is_key
from tests.core.hostile import saved

SKY, RICE = (40, 90, 200), (200, 170, 60)


def field(width, height, mode="RGB"):
    """Sky above, rice below: it has an upright and a colour on each side."""
    image = Image.new("RGB", (width, height), SKY)
    image.paste(RICE, (0, height // 3, width, height))
    return image.convert(mode)


def held(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def opened(variant):
    with Image.open(io.BytesIO(variant.content)) as image:
        image.load()
        return image


def near(colour, wanted, far=12):
    return all(abs(a - b) <= far for a, b in zip(colour, wanted, strict=True))


def sky_and_rice(variant):
    image = opened(variant)
    middle = image.width // 2
    return (
        near(image.getpixel((middle, image.height // 10)), SKY),
        near(image.getpixel((middle, image.height * 9 // 10)), RICE),
    )


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (4000, (1280, 640, 320)),
        (1280, (1280, 640, 320)),
        (1279, (1279, 640, 320)),
        (800, (800, 640, 320)),
        (700, (700, 320)),
        (640, (640, 320)),
        (400, (400, 320)),
        (330, (330,)),
        (200, (200,)),
    ],
)
def test_copies_are_never_wider_than_the_picture_and_there_is_always_one(width, kept):
    assert widths(width) == kept
    assert widths(kept[0]) == kept


@pytest.fixture(scope="module")
def drawn():
    return render(saved(field(1600, 1200), quality=90))


def test_every_width_is_drawn_in_three_kinds(drawn):
    assert [(v.kind, v.width, v.height) for v in drawn.variants] == [
        (kind, width, width * 3 // 4)
        for width in (1280, 640, 320)
        for kind in ("avif", "webp", "jpg")
    ]
    assert (drawn.width, drawn.height) == (1280, 960)


def test_every_copy_is_what_it_says_it_is(drawn):
    formats = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
    for variant in (*drawn.variants, drawn.share):
        image = opened(variant)
        assert image.format == formats[variant.kind]
        assert image.size == (variant.width, variant.height)
        assert image.mode == "RGB"
    for variant in drawn.variants:
        assert sky_and_rice(variant) == (True, True)


def test_jpegs_appear_from_coarse_to_fine(drawn):
    assert all(opened(v).info.get("progressive") for v in drawn.variants if v.kind == "jpg")


@pytest.mark.parametrize(("most", "rest"), [(SKY, RICE), (RICE, SKY)])
def test_the_colour_is_the_one_that_covers_most(most, rest):
    image = Image.new("RGB", (300, 300), most)
    image.paste(rest, (0, 200, 300, 300))
    colour = render(saved(image)).colour
    assert near(bytes.fromhex(colour.removeprefix("#")), most)


def test_a_small_picture_is_not_blown_up():
    drawn = render(saved(field(300, 240)))
    assert {(v.width, v.height) for v in drawn.variants} == {(300, 240)}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright_however_the_phone_was_held(orientation, kind):
    turned = field(240, 360)
    back = {6: 8, 8: 6}.get(orientation, orientation)
    if back in pictures.TURNS:
        turned = turned.transpose(pictures.TURNS[back])
    content = saved(turned, kind, exif=held(orientation))
    found = inspect(content)
    drawn = render(content)
    assert (found.width, found.height) == (drawn.width, drawn.height) == (240, 360)
    assert sky_and_rice(drawn.variants[0]) == (True, True)


def test_a_large_sideways_photo_is_shrunk_while_it_is_decoded():
    content = saved(field(3000, 4000).transpose(pictures.TURNS[8]), exif=held(6))
    found = inspect(content)
    image = pictures.decode(content, found, (1707, 1280))
    assert image.size == (2000, 1500)
    drawn = render(content)
    assert (drawn.width, drawn.height) == (1280, 1707)
    assert sky_and_rice(drawn.variants[0]) == (True, True)


def test_an_orientation_nobody_defined_means_upright():
    assert inspect(saved(field(240, 360), exif=held(9))).turn is None


def test_a_phone_s_second_picture_behind_the_first_is_left_out():
    content = saved(field(400, 300), "MPO", save_all=True, append_images=[field(400, 300, "L")])
    assert inspect(content).kind == "JPEG"
    assert sky_and_rice(render(content).variants[0]) == (True, True)


def test_colours_are_shown_as_the_camera_meant_them():
    """A profile that swaps red and blue must be obeyed, then dropped."""
    swap = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = {bytes(swap[i : i + 4]): i for i in range(132, 132 + 12 * swap[131], 12)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    swap[red + 4 : red + 12], swap[blue + 4 : blue + 12] = (
        swap[blue + 4 : blue + 12],
        swap[red + 4 : red + 12],
    )
    content = saved(Image.new("RGB", (300, 300), (200, 30, 30)), "PNG", icc_profile=bytes(swap))
    copy = opened(render(content).variants[2])
    assert near(copy.getpixel((150, 150)), (30, 30, 200), far=25)
    assert "icc_profile" not in copy.info


def test_a_profile_that_does_not_fit_is_ignored():
    grey = Image.new("L", (300, 300), 90)
    rgb_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (rgb_profile, b"no profile at all"):
        copy = opened(render(saved(grey, icc_profile=profile)).variants[2])
        assert near(copy.getpixel((150, 150)), (90, 90, 90))


def test_four_colour_print_pictures_are_read():
    assert sky_and_rice(render(saved(field(400, 300, "CMYK"))).variants[2]) == (True, True)


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "RGB"])
def test_what_is_see_through_shows_the_page(mode):
    if mode == "P":
        image = Image.new("P", (300, 300), 1)
        image.putpalette([0, 0, 0, *RICE])
        image.paste(0, (0, 0, 300, 150))
        content = saved(image, "PNG", transparency=bytes([0, 255]))
    elif mode == "RGB":
        image = Image.new("RGB", (300, 300), RICE)
        image.paste((1, 2, 3), (0, 0, 300, 150))
        content = saved(image, "PNG", transparency=(1, 2, 3))
    else:
        image = Image.new("RGBA", (300, 300), (*RICE, 255))
        image.paste((0, 0, 0, 0), (0, 0, 300, 150))
        content = saved(image.convert(mode), "PNG")
    copy = opened(render(content).variants[2])
    assert near(copy.getpixel((150, 30)), (0xFB, 0xF7, 0xEC))
    assert not near(copy.getpixel((150, 270)), (0xFB, 0xF7, 0xEC))


def test_a_large_see_through_picture_is_joined_without_seams():
    """It is halved strip by strip; rows that alternate in pairs stay sharp in every strip."""
    stripes = Image.new("RGBA", (2560, 900), "black")
    for row in range(0, 900, 4):
        stripes.paste("white", (0, row, 2560, row + 2))
    copy = opened(render(saved(stripes, "PNG")).variants[2])
    assert copy.height == 450
    for y in range(450):
        assert near(copy.getpixel((640, y)), (0, 0, 0) if y % 2 else (255, 255, 255), far=30)


def test_sixteen_bit_grey_keeps_its_shades():
    grey = Image.new("I;16", (300, 300), 0x6000)
    copy = opened(render(saved(grey, "PNG")).variants[2])
    assert near(copy.getpixel((150, 150)), (0x60, 0x60, 0x60), far=3)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_plain_png_modes_are_read(mode):
    assert render(saved(field(300, 300, mode), "PNG")).width == 300


# The picture under a shared link.


def share_of(width, height):
    return opened(render(saved(field(width, height), quality=90)).share)


def test_a_wide_photo_fills_the_card():
    card = share_of(1600, 1200)
    assert card.size == (1200, 630)
    assert near(card.getpixel((2, 2)), SKY)
    assert near(card.getpixel((1197, 627)), RICE)


@pytest.mark.parametrize("size", [(1200, 1200), (900, 1600), (400, 300)])
def test_a_photo_that_would_lose_much_stands_on_the_page_s_colour(size):
    card = share_of(*size)
    assert card.size == (1200, 630)
    assert near(card.getpixel((2, 315)), (0xFB, 0xF7, 0xEC))
    assert near(card.getpixel((600, 315)), RICE) or near(card.getpixel((600, 315)), SKY)


def test_a_small_photo_is_not_blown_up_on_the_card():
    card = share_of(400, 300)
    assert near(card.getpixel((600, 315 - 160)), (0xFB, 0xF7, 0xEC))
    assert near(card.getpixel((600, 315 + 140)), RICE)


def test_the_card_stays_light_enough_for_whatsapp_whatever_it_shows():
    noise = Image.frombytes("RGB", (1280, 672), random.Random(1).randbytes(1280 * 672 * 3))
    assert len(saved(noise.resize((1200, 630)), quality=82)) > images.SHARE_BYTES_MAX
    assert len(render(saved(noise, quality=80)).share.content) < images.SHARE_BYTES_MAX


def test_every_copy_has_a_key_and_can_be_deleted_by_it(drawn):
    base = new_base()
    files = drawn.files(base)
    assert len(files) == 10
    assert all(is_key(key) for key in files)
    assert sorted(files) == sorted(keys(base, drawn.width))
    assert files[f"{base}/640.webp"].width == 640
    assert files[f"{base}/share.jpg"] == drawn.share


def test_two_pictures_never_share_a_name():
    assert len({new_base() for _ in range(1000)}) == 1000
    assert new_base().startswith("public/photo/")


def test_every_address_a_page_shows_leads_to_a_stored_copy(drawn, tmp_path):
    storage = LocalStorage(tmp_path, "/media")
    base = new_base()
    for key, variant in drawn.files(base).items():
        storage.put(key, variant.content, images.CONTENT_TYPES[variant.kind])
    photo = Photo(storage.url(base), drawn.width, drawn.height, "Keripik pisang", drawn.colour)
    srcsets = [each for _, srcset in photo.sources for each in srcset.split(", ")]
    addresses = [photo.url, photo.share_url, *(c.split(" ")[0] for c in srcsets)]
    assert len(srcsets) == 9
    for address in addresses:
        assert storage.exists("public" + address.removeprefix("/media"))


def test_sources_go_from_light_to_heavy_and_from_small_to_large():
    photo = Photo("/media/photo/a", 1280, 960, "", "#000000")
    assert photo.sources == [
        (
            f"image/{name}",
            f"/media/photo/a/320.{kind} 320w, /media/photo/a/640.{kind} 640w, "
            f"/media/photo/a/1280.{kind} 1280w",
        )
        for name, kind in (("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg"))
    ]


@pytest.mark.parametrize(
    ("width", "shown"), [(1280, 640), (1100, 640), (700, 700), (640, 640), (500, 500), (200, 200)]
)
def test_the_plain_address_is_the_jpeg_nearest_to_640(width, shown):
    assert Photo("/m", width, width, "", "").url == f"/m/{shown}.jpg"


def test_a_job_that_runs_twice_draws_the_same_copies():
    content = saved(field(400, 300))
    assert render(content) == render(content)

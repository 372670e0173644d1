"""The drawings of the demo world: complete, of one shape, and self-contained."""

from io import BytesIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
import resvg_py
from PIL import Image, ImageChops, ImageStat

from shop.demo import drawing, people

DRAWINGS = {path.stem: path for path in Path(drawing.__file__).parent.glob("drawings/*.svg")}
BYTES_MAX = 12_000
PRODUCTS = {f"p{number:02}" for number in range(1, 31)}
SELLERS = {
    row["key"]
    for row in people.read("people")["people"]
    if "seller" in row["roles"] and row["key"].startswith("s")
}
GROUPS = {"kop-sendang", "kop-giri", "kub-canting"}
KIOSKS = {"kios-terminal"}
PAINT = {"linearGradient", "radialGradient", "stop", "pattern", "clipPath", "filter"}
SHAPES = {"svg", "defs", "g", "use", "path", "circle", "ellipse", "rect", "feGaussianBlur"}


def thumbnail(key):
    """Painted small, which is fifty times as quick."""
    content = resvg_py.svg_to_bytes(svg_path=str(DRAWINGS[key]), width=64, skip_system_fonts=True)
    return Image.open(BytesIO(content)).convert("RGB")


def every_element(key):
    return ElementTree.fromstring(DRAWINGS[key].read_text("utf-8")).iter()


def test_everything_in_the_demo_world_has_a_drawing_and_no_drawing_is_left_over():
    assert len(SELLERS) == 12
    assert set(DRAWINGS) == PRODUCTS | SELLERS | GROUPS | KIOSKS


@pytest.mark.parametrize("key", sorted(DRAWINGS))
def test_a_drawing_fills_the_slot_of_a_photo(key):
    picture = Image.open(BytesIO(drawing.render(key)))
    assert picture.format == "PNG"
    assert picture.size == (1280, 960)
    assert picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_no_two_drawings_look_alike():
    small = {key: thumbnail(key) for key in sorted(DRAWINGS)}
    for one, other in combinations(small, 2):
        apart = ImageStat.Stat(ImageChops.difference(small[one], small[other])).mean
        assert sum(apart) / 3 > 10, f"{one} and {other}"


@pytest.mark.parametrize("key", sorted(DRAWINGS))
def test_a_drawing_is_shapes_only(key):
    """No letters, so no fonts; no picture in the picture; no script."""
    used = {element.tag.rpartition("}")[2] for element in every_element(key)}
    assert used <= SHAPES | PAINT


@pytest.mark.parametrize("key", sorted(DRAWINGS))
def test_a_drawing_refers_to_nothing_outside_itself(key):
    own = {f"#{element.get('id')}" for element in every_element(key)}
    for element in every_element(key):
        for name, value in element.attrib.items():
            if name.endswith("href"):
                assert value in own
            if "url(" in value:
                assert value.removeprefix("url(").removesuffix(")") in own


@pytest.mark.parametrize("key", sorted(DRAWINGS))
def test_a_drawing_is_small(key):
    assert DRAWINGS[key].stat().st_size <= BYTES_MAX


def test_a_key_without_a_drawing_is_an_error():
    with pytest.raises(FileNotFoundError):
        drawing.render("p99")

"""One real photo under the name of every picture that the measured pages show."""

import re
from pathlib import Path

from core import images
from core.storage import LocalStorage
from shop.demo.drawing import render

SHOWN = re.compile(r"/media/(photo/[0-9a-f]+)/")


def lay(folder, pages):
    """Store clean copies of one drawing for each picture in the HTML of these pages."""
    drawn, storage = images.render(render("p01")), LocalStorage(Path(folder), "/media")
    for base in sorted({base for html in pages for base in SHOWN.findall(html)}):
        for name, copy in drawn.files(f"public/{base}").items():
            storage.put(name, copy.content, images.CONTENT_TYPES[copy.kind])

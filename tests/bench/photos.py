"""One real photo under the name of every picture that the measured pages show."""

import hashlib

from core import images
from core.storage import StorageSettings, from_settings
from shop.demo.drawing import render


def lay(app, numbers):
    """Store clean copies of one drawing for these pictures of the seed."""
    from core.config import settings

    drawn = images.render(render("p01"))
    storage = from_settings(settings(StorageSettings, app))
    for number in numbers:
        base = f"public/photo/{hashlib.md5(str(number).encode()).hexdigest()}"
        for name, copy in drawn.files(base).items():
            storage.put(name, copy.content, images.CONTENT_TYPES[copy.kind])

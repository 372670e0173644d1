"""Static files under one version, and the critical CSS that every page carries inside.

The version is a hash over all static files and stands in the path, so relative imports between
modules keep working and every file may be cached for ever.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from core import folding, looks

YEAR_SECONDS = 365 * 24 * 3600
PACKED = {".br", ".gz"}


@dataclass(frozen=True)
class Assets:
    """What the templates need to know of the static folder."""

    version: str
    critical_css: Markup
    critical_hash: str

    def url(self, name: str) -> str:
        """The address of a static file, valid for ever."""
        return f"/static/{self.version}/{name}"


def read(folder: Path) -> Assets:
    """Hash the static folder and take up the critical CSS."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in PACKED):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    css = looks.squeeze((folder / "css" / "critical.css").read_text())
    sealed = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Assets(digest.hexdigest()[:12], Markup(css), f"'sha256-{sealed}'")  # noqa: S704  (our own file)


def pack(folder: Path) -> None:
    """Lay compressed copies beside the files; WhiteNoise then sends those. Part of `prepare`."""
    packer = Compressor(quiet=True)
    for path in (p for p in folder.rglob("*") if p.suffix in {".css", ".js", ".svg", ".wasm"}):
        packer.compress(str(path))


def init_app(app: Flask, folder: Path) -> Assets:
    """Serve the folder through WhiteNoise and tell the templates."""
    assets = read(folder)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=f"static/{assets.version}/",
        max_age=YEAR_SECONDS,
        immutable_file_test=lambda path, url: True,  # noqa: ARG005
    )
    app.extensions["assets"] = assets
    folding.fold(app, static_url=assets.url, icon=looks.icon)
    app.jinja_env.globals["critical_css"] = assets.critical_css
    return assets

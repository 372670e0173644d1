"""The W3C checker on every page that a guest and each demo role can open: `make check` calls it.

The pages come from the real app on a throw-away database with the demo world.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from core.access import MACHINE
from core.db import db
from core.postgres import throwaway
from core.web import gate_of
from shop.demo import people, world
from tests.factories import sign_in

CI = Path(__file__).parents[2] / ".ci"
JAR = CI / "node_modules/vnu-jar/build/dist/vnu.jar"
NOT_PAGES = ("/healthz", "/readyz", "/metrics")


def checker():
    """The checker's jar, installed from its lock when it is not there."""
    if not JAR.exists():
        subprocess.run(["npm", "ci", "--silent", "--omit=dev"], cwd=CI, check=True)
    return JAR


def addresses(app):
    """Every page whose address has no blank to fill."""
    for rule in app.url_map.iter_rules():
        is_page = "GET" in rule.methods and not rule.arguments and rule.rule not in NOT_PAGES
        if is_page and gate_of(app, rule.endpoint) is not MACHINE:
            yield rule.rule


def visitors(app):
    """A browser for a guest and for each role of the demo world."""
    yield "guest", app.test_client()
    for row in people.read("people")["people"]:
        if row["phone"] and set(row["roles"]) & set(people.SHOWN_ROLES):
            browser = app.test_client()
            sign_in(browser, phone=row["phone"], pin=people.PIN)
            yield row["key"], browser


def save_pages(app, folder):
    """Write what everybody sees, once per different page; returns how many files."""
    seen = set()
    for name, browser in visitors(app):
        for address in addresses(app):
            answer = browser.get(address)
            assert answer.status_code < 500, f"{address} is broken for {name}"
            text = re.sub(r'name="(csrf_token|act_id)"[^>]*value="[^"]+"', "", answer.text)
            if answer.mimetype != "text/html" or answer.status_code >= 300 or text in seen:
                continue
            seen.add(text)
            (folder / f"{name}{address.replace('/', '_')}.html").write_text(answer.text)
    return len(seen)


def main():
    """Exit 1 with the checker's findings if there are any."""
    with throwaway() as server, tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "DATABASE_URL": server.url,
                "SECRET_KEY": "check-" * 8,
                "LUMBUNG_LOG_LEVEL": "error",
                "LUMBUNG_STORAGE_FOLDER": f"{folder}/storage",
                "LUMBUNG_ADDRESS_TRIES": "1000",
            }
        )
        pages = Path(folder) / "pages"
        pages.mkdir()
        with app.app_context():
            upgrade()
            world.load()
            db.session.remove()
        count = save_pages(app, pages)
        with app.app_context():
            db.engine.dispose()
        print(f"{count} pages")
        command = ["java", "-jar", str(checker()), "--errors-only", "--skip-non-html", str(pages)]
        done = subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8"})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()

"""The two makers of the demo world who are helped: what they agreed to, proved by a drawn thumb."""

from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import select

from cooperatives import help_desk
from core import clock, files
from core.actors import Actor
from core.db import db as database
from core.files import Stored
from core.people import Person
from sellers.helping.consent import Limits
from sellers.helping.mandates import Terms
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.rights import GOODS, ORDERS, PRICES, PUBLISH, SHOP, STOCK
from shop.demo.cast import read

HELPED = {
    "s01": ((STOCK, ORDERS, GOODS, PRICES, PUBLISH, SHOP), Limits(10, 60, 500_000)),
    "s02": ((STOCK, ORDERS), Limits(None, 30, 200_000)),
}
HELPER, WITNESS = "u-umi", "Bu Parti"


def draw() -> Stored:
    """A thumb print, drawn by us: arcs within an oval."""
    sheet = Image.new("RGB", (320, 400), "white")
    pen = ImageDraw.Draw(sheet)
    for step in range(10, 150, 12):
        box = (160 - step, 200 - step * 1.3, 160 + step, 200 + step * 1.3)
        pen.ellipse(box, outline="#22305A", width=4)
        gap = (160 - step, 180 - step, 160 + step, 240 + step)
        pen.arc(gap, 200, 340, fill="#FFFFFF", width=3)
    file = BytesIO()
    sheet.save(file, "PNG")
    return files.store(file.getvalue())


def agree_all() -> int:
    """Bu Umi, who coordinates, writes down what each of them agreed to; each once, however often
    it is asked. Returns how many are new.
    """
    session = database.session()
    phones = {row["key"]: row["phone"] for row in read("people")["people"]}
    helper_id = session.scalar(select(Person.id).where(Person.phone == phones[HELPER]))
    slugs = {row["key"]: row["slug"] for row in read("shops")["shops"]}
    made = 0
    for key, (parts, limits) in HELPED.items():
        seller_id = session.scalar(select(Seller.id).where(Seller.slug == slugs[key]))
        known = select(Mandate.id).where(Mandate.seller_id == seller_id)
        if helper_id is None or seller_id is None or session.scalar(known.limit(1)) is not None:
            continue
        agreed = Terms(
            helper_id=helper_id,
            parts=parts,
            until=clock.today() + timedelta(days=180),
            limits=limits,
            witness=WITNESS,
        )
        actor, thumb = Actor(helper_id), draw()
        help_desk.record(actor=actor, seller_id=seller_id, terms=agreed, proof=thumb)
        made += 1
    return made

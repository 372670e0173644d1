"""Monday in the demo world: all are added up, one has her money, a list waits for agreement.

After everybody has moved in, for what a round adds up must have been committed before. Each step is
done once; where somebody else still writes on the server, the next run does it.
"""

from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import pay_ways
from cooperatives.accounts import open_folios
from cooperatives.days import drawers, paying
from cooperatives.models import Payee, Payout, PayWay, Place
from cooperatives.models.settling import SettlementRound
from cooperatives.settling import batches, rounds
from core import clock, files, sealing
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.files import Stored
from core.orgs import Organisation
from core.people import Person
from shop.demo.cast import Cast, read
from shop.demo.stock import KEEPER

GROUP, TREASURER, SECOND = "kop-sendang", "u-lestari", "u-umi"
IN_A_BANK = {"s01": ("bri", "9999000011112222", "CONTOH SUMIRAH"),
             "s04": ("bsi", "9990001111", "CONTOH")}  # fmt: skip
LONG_AGO = timedelta(days=30)


def choose_ways(db: Session, cast: Cast) -> None:
    """Two makers have long been paid into a bank; their numbers are no bank's."""
    for key, (bank, number, name) in IN_A_BANK.items():
        payee = Payee(person_id=cast.people[key])
        known = db.scalar(select(Payee).where(Payee.person_id == payee.person_id))
        if known is None:
            db.add(payee)
            db.flush()
        since = clock.now() - LONG_AGO
        db.add(
            PayWay(
                payee_id=(known or payee).id,
                kind="bank",
                bank=bank,
                tail=number[-4:],
                sealed=sealing.seal(f"{number}\n{name}", purpose=pay_ways.PURPOSE),
                asked_at=since - LONG_AGO,
                in_force_at=since,
            )
        )


def settle_all() -> int:
    """One finished round, a list that waits for its second person, and cash that was signed for."""
    session = database.session()
    group_id = session.scalar(select(Organisation.id).where(Organisation.slug == GROUP))
    if group_id is None or session.scalar(select(SettlementRound.id).limit(1)) is not None:
        return 0
    crew = (TREASURER, SECOND, KEEPER)
    treasurer, second, keeper = (Actor(_person_id(session, key)) for key in crew)
    try:
        begun = rounds.begin(actor=treasurer, organisation_id=group_id)
    except rounds.NothingDue:
        return 0
    rounds.settle.run(begun.id)
    bank, drawer = _sources(actor=SYSTEM, organisation_id=group_id)
    batches.prepare(actor=treasurer, organisation_id=group_id, source_id=bank)
    cash = batches.prepare(actor=treasurer, organisation_id=group_id, source_id=drawer)
    batches.approve(actor=second, batch_id=cash.id)
    first = session.scalar(select(Payout.id).where(Payout.batch_id == cash.id).order_by(Payout.id))
    assert first is not None, "a list is of somebody"
    paying.pay_out(actor=keeper, payout_id=first, signed=draw())
    return 1


def _person_id(db: Session, key: str) -> int:
    phone = next(row["phone"] for row in read("people")["people"] if row["key"] == key)
    return db.scalars(select(Person.id).where(Person.phone == phone)).one()


@in_transaction()
def _sources(db: Session, *, actor: Actor, organisation_id: int) -> tuple[int, int]:  # noqa: ARG001
    """The group's bank, and the drawer of its kiosk."""
    place = db.scalars(
        select(Place).where(Place.organisation_id == organisation_id, Place.kind == "kiosk")
    ).one()
    bank, cash = drawers.bank(organisation_id), drawers.drawer(organisation_id, place.slug)
    folios = open_folios(db, [bank, cash])
    return folios[bank].account_id, folios[cash].account_id


def draw() -> Stored:
    """A signature on a receipt, drawn by us."""
    sheet = Image.new("RGB", (480, 200), "white")
    pen = ImageDraw.Draw(sheet)
    pen.line((30, 150, 450, 150), fill="#B9AB90", width=3)
    curve = [(60 + 9 * n, 110 - (n * 37 % 60) + n % 3 * 12) for n in range(36)]
    pen.line(curve, fill="#22305A", width=5, joint="curve")
    file = BytesIO()
    sheet.save(file, "PNG")
    return files.store(file.getvalue())

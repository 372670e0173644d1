"""Packages of the demo world: one that all its makers joined, and one that waits for answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import JointPackage
from cooperatives.packages import offers
from sellers.models import Variant
from shop.demo.cast import Cast

GROUP, COORDINATOR = "kop-sendang", "u-umi"
OFF_PERCENT, ROUND_TO = 5, 500
JOINED = (
    "Oleh-oleh Sendang",
    "Tiga rasa dari tiga dapur, cukup untuk satu keluarga.",
    {"p01": "s01", "p06": "s03", "p09": "s04"},
)
ASKED = (
    "Teman Minum Teh",
    "Manis dan gurih untuk sore hari.",
    {"p04": "s02", "p27": "s11"},
)


def offer(db: Session, cast: Cast) -> None:
    """The coordinator proposes both; of the second one only the first maker has answered."""
    joined, asked = (_proposed(db, cast, *one) for one in (JOINED, ASKED))
    answers = [(joined, key) for key in JOINED[2].values()]
    answers.append((asked, next(iter(ASKED[2].values()))))
    for package, key in answers:
        offers.answer.within(
            db,
            actor=cast.actor(key),
            package_id=package.id,
            seller_id=cast.shops[key],
            agrees=True,
        )


def _proposed(
    db: Session, cast: Cast, name: str, story: str, content: dict[str, str]
) -> JointPackage:
    """One of each; together a little less than one by one."""
    variants = [cast.variants[key] for key in content]
    alone = sum(db.scalars(select(Variant.price).where(Variant.id.in_(variants))))
    return offers.propose.within(
        db,
        actor=cast.actor(COORDINATOR),
        organisation_id=cast.organisations[GROUP],
        name=name,
        story=story,
        price=alone * (100 - OFF_PERCENT) // 100 // ROUND_TO * ROUND_TO,
        units=dict.fromkeys(variants, 1),
    )

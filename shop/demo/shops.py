"""The twelve home businesses of the demo world, each with her story and her NIB."""

from datetime import time

from sqlalchemy.orm import Session

from core import clock
from sellers import permits, shops
from shop.demo.cast import Cast, read


def load(db: Session, cast: Cast) -> None:
    """Open every shop in its maker's own name."""
    this_year = clock.today().year
    for row in read("shops")["shops"]:
        maker = cast.actor(row["key"])
        shop = shops.open_shop.within(
            db,
            actor=maker,
            organisation_id=cast.organisations[row["organisation"]],
            maker_id=maker.person_id,
            slug=row["slug"],
            profile=row["profile"]
            | {
                "cutoff": time.fromisoformat(row["cutoff"]),
                "turnover_statement_year": this_year if row["stated_turnover"] else None,
            },
        )
        cast.shops[row["key"]] = shop.id
        permits.add.within(
            db, actor=maker, seller_id=shop.id, kind="nib", typed=row["nib"], is_sample=True
        )

"""Translations of the demo world: one used with its writer's name, one without, one to be read, and
one that nobody has written yet."""

from typing import Any

from sqlalchemy.orm import Session

from cooperatives import translating
from shop.demo.cast import Cast, read


def load(db: Session, cast: Cast) -> None:
    """Ask, write and accept, as makers and members would."""
    for row in read("translations")["translations"]:
        _translate(db, cast, row)


def _translate(db: Session, cast: Cast, row: dict[str, Any]) -> None:
    maker, listing_id = cast.actor(row["by_maker"]), cast.listings[row["listing"]]
    asked = translating.ask.within(
        db,
        actor=maker,
        listing_id=listing_id,
        language=row["language"],
        note=row["note"],
        fee=row["fee"],
    )
    if row["translator"] is None:
        return
    translating.write.within(
        db,
        actor=cast.actor(row["translator"]),
        translation_id=asked.id,
        name=row["name"],
        description=row["description"],
        may_name=row["may_name"],
    )
    if row["is_accepted"]:
        translating.accept.within(db, actor=maker, listing_id=listing_id, translation_id=asked.id)

"""What makers of the demo world say to their notes, and what they will bring next."""

from datetime import timedelta

from sqlalchemy.orm import Session

from cooperatives.receiving import agreeing, offers
from core import clock
from shop.demo.cast import Cast, act_id

FITS = (("s03", "ST-0002"), ("s05", "ST-0004"), ("s07", "ST-0006"))
ODD = ("s04", "ST-0007", "Saya antar 42 dodol, tertulis 40.")
OFFERED = (("s05", "p12", 24, 1), ("s09", "p22", 15, 2))


def say(db: Session, cast: Cast) -> None:
    """Three notes fit, one does not; two makers say what they bring tomorrow and the day after."""
    for seller, receipt in FITS:
        agreeing.agree.within(db, actor=cast.actor(seller), note_id=act_id("note", receipt))
    seller, receipt, words = ODD
    agreeing.dispute.within(
        db, actor=cast.actor(seller), note_id=act_id("note", receipt), words=words
    )
    for seller, product, units, days in OFFERED:
        offer_id = act_id("offer", seller, product)
        content = {
            "shop": str(cast.shops[seller]),
            "place": str(cast.kiosk_id),
            "day": (clock.today() + timedelta(days=days)).isoformat(),
            f"jumlah-{cast.variants[product]}": str(units),
        }
        now = clock.now()
        offers.handle(db, actor=cast.actor(seller), act_id=offer_id, at=now, content=content)

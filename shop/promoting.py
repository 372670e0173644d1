"""What passing goods on brings: the share that a cooperative's terms name for whoever invites."""

from sqlalchemy import select

from cooperatives import consignment
from cooperatives.sharing import Rate
from core.db import Reader
from sellers.models import Listing, Seller


def reward_of(db: Reader, listing_id: int) -> Rate:
    """What the terms in force say of a product sold from home, which is where most leave from."""
    shop = select(Seller.organisation_id).join(Listing, Listing.seller_id == Seller.id)
    organisation_id = db.execute(shop.where(Listing.id == listing_id)).scalar_one()
    return consignment.rate_at_home(db, organisation_id) or Rate()

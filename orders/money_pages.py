"""Which page of the books holds a buyer's money, by how it was paid."""

from cooperatives.accounts import CARRIED, Page, own
from cooperatives.days.drawers import bank as bank
from cooperatives.models.books import Kind
from orders import methods

TAKEN_OFF, REFUSED = "kode transfer", "paket ditolak"


def carried(house_id: int, seller_id: int) -> Page:
    """Cash a maker took at the door and still has to hand in."""
    return own(Kind.RECEIVABLE, house_id, f"{CARRIED}{seller_id}")


def taken_off(house_id: int) -> Page:
    """What the operator gives for the unique last digits of transfers."""
    return own(Kind.EXPENSE, house_id, TAKEN_OFF)


def refused(house_id: int) -> Page:
    """What the operator gives for parcels that buyers refused at the door."""
    return own(Kind.EXPENSE, house_id, REFUSED)


def of_method(house_id: int, method: str) -> Page:
    """Where the money of a method always is; cash is somewhere only its taker can say."""
    known = methods.known(method)
    assert not known.is_cash, "who took the cash says where it is"
    return clearing(house_id, known.gateway) if known.is_machine else bank(house_id)


def clearing(house_id: int, gateway: str) -> Page:
    """What a gateway has taken for us and not paid out yet."""
    return own(Kind.CLEARING, house_id, gateway)

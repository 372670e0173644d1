"""Midtrans: QRIS, wallets, cards, virtual accounts and shops, all on the page that Snap shows.

Our key for the attempt is Midtrans' order_id. Before the buyer has picked a channel Midtrans knows
only the page (its token is our `gateway_id`) and answers 404 about the order.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from core import clock
from core.config import settings
from core.errors import RemoteError
from orders.gateways import midtrans_bill, midtrans_notices
from orders.gateways.midtrans_affair import Affair
from orders.gateways.midtrans_calls import NAME, Conversation, Refused, named
from orders.gateways.midtrans_channels import can_go_back, is_asleep
from orders.gateways.midtrans_states import HAS_MONEY, WIB, Meaning
from orders.gateways.settings import GatewaySettings
from orders.gateways.words import (
    Answer,
    Heard,
    Invoice,
    KeyTaken,
    Presented,
    Reading,
    Refunded,
    Started,
)
from orders.states import AttemptEvent

TAKEN = ("has already been taken", "has been paid and utilized")
# A page lives five minutes at least, even where less is left for the goods.
PAGE_MAY_OUTLIVE = timedelta(minutes=midtrans_bill.MINUTES_MIN)
URL_CHARS_MAX = 1000


class Midtrans:
    """Snap opens a payment, the Core API tells and changes how it stands."""

    def is_open(self) -> bool:
        """With a key."""
        return bool(settings(GatewaySettings).midtrans_server_key)

    def start(self, invoice: Invoice) -> Started:
        """A page for this attempt; for five minutes the same question gets the same page."""
        named(invoice.key)
        wanted = midtrans_bill.request(invoice, clock.now())
        key = f"snap:{invoice.attempt_id}"
        try:
            answer = Conversation().ask(lambda snap: snap.create_transaction(wanted), key)
        except Refused as no:
            if any(words in no.says for words in TAKEN):
                raise KeyTaken("midtrans knows this key already") from None
            raise
        token, url = answer.get("token"), answer.get("redirect_url")
        if not isinstance(token, str) or not NAME.fullmatch(token) or not _is_theirs(url):
            raise RemoteError("midtrans opened no page")  # 202: the first call is still under way.
        return Started(pay_url=str(url), gateway_id=token)

    def read(self, invoice: Invoice) -> Reading:
        """Get Status, by the table; open while nobody has picked a channel and the page lives."""
        found = Affair(invoice).status()
        lives = clock.now() <= invoice.expires_at + PAGE_MAY_OUTLIVE
        if found is None:
            return Reading(AttemptEvent.OPEN if lives else AttemptEvent.EXPIRE)
        return found.reading(page_lives=lives)

    def cancel(self, invoice: Invoice) -> Reading:
        """Close transaction and page. Money that came meanwhile is left alone and told of."""
        affair = Affair(invoice)
        found = affair.status()
        if found is None:
            affair.close_page()
            found = affair.status()  # She may have picked a channel in this very moment.
        if found and found.meaning is Meaning.WAITING:
            found = affair.close(found)
        if found and found.meaning in HAS_MONEY:
            return found.reading(page_lives=False)
        affair.close_page()  # A closed transaction leaves the page free for another one.
        return Reading(AttemptEvent.EXPIRE)

    def refund(self, invoice: Invoice, *, refund_id: UUID, asked: Presented) -> Answer:
        """Send money back under our own name for it, which Midtrans does only once."""
        affair = Affair(invoice)
        found = affair.status()
        if found is None:
            return Answer(Refunded.BY_HAND)
        if known := found.refund(refund_id):
            return known
        is_whole = asked.amount == found.gross
        if found.status == "capture":  # Let go of, or refunded once it has settled.
            return affair.void(found) if is_whole else Answer(Refunded.DENIED)
        now = clock.now()
        if not can_go_back(found.facts, paid_at=found.paid_at, now=now, whole=is_whole):
            return Answer(Refunded.BY_HAND)
        if is_asleep(found.facts, now.astimezone(WIB).time()):
            return Answer(Refunded.DENIED)
        return affair.send_back(found, refund_id, asked.amount)

    def hear(self, headers: Mapping[str, str], body: bytes) -> Heard:  # noqa: ARG002
        """The signature stands in the body."""
        return midtrans_notices.heard(body, settings(GatewaySettings).midtrans_server_key)


def _is_theirs(url: object) -> bool:
    """Whether a buyer may be sent there: Midtrans over HTTPS, or where we were told to ask."""
    if not isinstance(url, str) or len(url) > URL_CHARS_MAX:
        return False
    ours = settings(GatewaySettings).midtrans_snap_url
    try:
        parts, told = urlsplit(url), urlsplit(ours)
    except ValueError:
        return False
    if ours:
        return (parts.scheme, parts.netloc) == (told.scheme, told.netloc)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == "midtrans.com" or host.endswith(".midtrans.com"))

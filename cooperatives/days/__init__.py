"""Trading days of a place: into which day a fact is posted, and the drawer it is paid from."""

from cooperatives.days.drawers import drawer_account, qris_account
from cooperatives.days.posting import Posting, books_of

__all__ = ["Posting", "books_of", "drawer_account", "qris_account"]

"""A plain model of the barn: what a careful keeper would write on paper, without any database."""

from collections import Counter
from dataclasses import dataclass


@dataclass
class Promise:
    """Units of one lot at one place, set aside for one order; `number` tells old from new."""

    order: str
    spot: tuple[int, int]
    units: int
    number: int
    is_paid: bool = False


class Paper:
    """A spot is a lot at a place; places in `offline` are never sold from online."""

    def __init__(self, offline):
        self.offline = offline
        self.stands = Counter()  # spot: units a person can count.
        self.kept = Counter()  # spot: units kept for the till.
        self.promises = []
        self.lot_of = {}  # lot: (variant, best before, number), in the order of receipt.

    def came(self, lot, place_id, units):
        self.lot_of[lot.id] = (lot.variant_id, lot.best_before, len(self.lot_of))
        self.stands[lot.id, place_id] += units

    def promised(self, spot):
        return sum(promise.units for promise in self.promises if promise.spot == spot)

    def unpromised(self, spot):
        return self.stands[spot] - self.promised(spot)

    def online(self, spot):
        return 0 if spot[1] in self.offline else self.unpromised(spot) - self.kept[spot]

    def spots(self, variant_id, place_id=None):
        return [
            (lot, place)
            for lot, place in self.stands
            if self.lot_of[lot][0] == variant_id and place_id in (None, place)
        ]

    def left(self, variant_id):
        return sum(self.online(spot) for spot in self.spots(variant_id))

    def day(self, lot):
        best_before = self.lot_of[lot][1]
        return best_before.toordinal() if best_before else 10**9

    def turn(self, lot):
        return self.day(lot), self.lot_of[lot][2]

    def of(self, order):
        return [promise for promise in self.promises if promise.order == order and promise.units]

    def promise(self, order, spot, units, *, is_paid=False):
        self.promises.append(Promise(order, spot, units, len(self.promises), is_paid))

    def take(self, spot, units, *, kept_first=False):
        self.stands[spot] -= units
        if kept_first:
            self.kept[spot] = max(0, self.kept[spot] - units)
        self.kept[spot] = min(self.kept[spot], self.unpromised(spot))

    def force(self, spot, units, *, kept_first=False):
        """A fact takes units: what is missing is booked in, the newest unpaid promises break."""
        self.stands[spot] += max(0, units - self.stands[spot])
        short = max(0, units - self.unpromised(spot))
        for promise in sorted(self.promises, key=lambda p: (p.is_paid, -p.number)):
            if promise.spot == spot:
                part = min(short, promise.units)
                promise.units -= part
                short -= part
        self.take(spot, units, kept_first=kept_first)

    def share_out(self, variant_id, place_id):
        """Thirty percent of what is free stays online, on the lots that are last in turn."""
        here = self.spots(variant_id, place_id)
        online = sum(self.unpromised(spot) for spot in here) * 3 // 10
        for spot in sorted(here, key=lambda spot: self.turn(spot[0]), reverse=True):
            share = min(online, self.unpromised(spot))
            self.kept[spot] = self.unpromised(spot) - share
            online -= share

    def waiting(self):
        """Units set aside by order, spot and whether they are paid for."""
        said = Counter()
        for promise in self.promises:
            said[promise.order, *promise.spot, promise.is_paid] += promise.units
        return +said

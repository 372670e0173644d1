"""Those behind the goods as buyers see them: a shop, a kiosk with its shelf, a cooperative.

Nobody's phone and nobody's home address is read here: a maker is placed by her district alone,
and only a kiosk and a cooperative, which are public places, by village and landmark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)

from cooperatives import stock
from cooperatives.models.members import Cooperative
from cooperatives.models.stock import Place
from cooperatives.stock import OnShelf
from core import album, clock
from core.album import Picture
from core.db import Reader
from core.errors import NotFound
from core.i18n import language
from core.images import Photo
from core.orgs import Organisation
from sellers import permit_numbers
from sellers.models import Permit, Seller
from sellers.shops import is_at_rest

SHOPS_A_PAGE = 30

PICTURE = (Picture.key_base, Picture.width, Picture.height, Picture.alt, Picture.colour)
"""What `album.photo_of` needs of a picture."""

PAPER = (Permit.kind, Permit.number, Permit.valid_until, Permit.is_sample)
"""What `papers` needs of a permit."""

PAPER_LABELS: Mapping[str, Any] = {
    "nib": _l("NIB, nomor usaha"),
    "pirt": _l("P-IRT, pangan rumahan"),
    "md": _l("BPOM MD, pangan olahan"),
    "tr": _l("BPOM TR, obat tradisional"),
    "halal": _l("Sertifikat halal"),
}
PAPER_STATES: Mapping[str, tuple[Any, str]] = {
    "valid": (_l("Terbit"), "good"),
    "waiting": (_l("Dalam proses"), "moving"),
    "ended": (_l("Sudah berakhir"), "wrong"),
    "sample": (_l("CONTOH, bukan izin asli"), "rest"),
}

DAYS: Mapping[str, Any] = {
    "mon": _l("Senin"),
    "tue": _l("Selasa"),
    "wed": _l("Rabu"),
    "thu": _l("Kamis"),
    "fri": _l("Jumat"),
    "sat": _l("Sabtu"),
    "sun": _l("Minggu"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A permit as buyers read it; `state` is a key of `PAPER_STATES`."""

    permit: str
    number: str
    until: date | None
    state: str

    @property
    def label(self) -> Any:
        """What sort of permit it is."""
        return PAPER_LABELS[self.permit]

    @property
    def word(self) -> Any:
        """How it stands, in words."""
        return PAPER_STATES[self.state][0]

    @property
    def kind(self) -> str:
        """The kind of its badge."""
        return PAPER_STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class Shop:
    """An open shop; `row` holds its plain columns by name."""

    row: Any
    papers: tuple[Paper, ...]
    photo: Photo | None
    is_resting: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose goods stand on a shelf, and which."""

    slug: str
    name: str
    goods: list[OnShelf]


def papers(found: Sequence[Mapping[str, Any]], today: date) -> tuple[Paper, ...]:
    """Permits as they come in a JSON list of the columns `PAPER`."""
    return tuple(_paper(one, today) for one in found)


def _paper(found: Mapping[str, Any], today: date) -> Paper:
    kind, number, is_sample = found["kind"], found["number"], found["is_sample"]
    until = date.fromisoformat(found["valid_until"]) if found["valid_until"] else None
    if number is None:
        return Paper(kind, "", None, "waiting")
    shown = permit_numbers.display(kind, number, is_sample=is_sample)
    state = "sample" if is_sample else "ended" if until and until < today else "valid"
    return Paper(kind, shown, until, state)


def told(row: Any, box: str) -> str:
    """A text in the reader's language, where there is one."""
    english: str = getattr(row, f"{box}_en") if language() == "en" else ""
    found: str = english or getattr(row, box)
    return found


def paragraphs(text: str) -> list[str]:
    """A text as people typed it, line by line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def listed(rows: Select[*tuple[Any, ...]], name: str, *owners: type) -> Any:
    """These rows as one JSON list: a column of the row of `owners` that they belong to."""
    found = rows.correlate(*owners).subquery(name)
    whole = func.coalesce(
        func.json_agg(literal_column(name)), literal_column("'[]'::json"), type_=JSON
    )
    return select(whole).select_from(found).scalar_subquery().label(name)


COOPERATIVE_OF = and_(Organisation.id == Cooperative.id, Organisation.closed_at.is_(None))
READY = and_(Picture.id == Seller.picture_id, Picture.state == literal_column("'ready'"))

_PAPERS = (
    select(*PAPER)
    .where(Permit.seller_id == Seller.id)
    .order_by(Permit.kind.desc(), Permit.number.is_(None), Permit.id)
)
SHOP = (
    select(
        Seller.id, Seller.slug, Seller.kind, Seller.store_name, Seller.call_me,
        Seller.story, Seller.story_en, Seller.mission, Seller.difference, Seller.languages,
        Seller.district_code, Seller.returned_from, Seller.away_from_year, Seller.away_until_year,
        Seller.language_gained, Seller.shows_return, Seller.resting, Seller.resting_until,
        Seller.rest_note,
        Organisation.slug.label("coop_slug"), Organisation.short_name.label("coop_name"),
        *PICTURE, listed(_PAPERS, "papers", Seller),
    )
    .select_from(Seller)
    .outerjoin(Cooperative, Cooperative.id == Seller.organisation_id)
    .outerjoin(Organisation, COOPERATIVE_OF)
    .outerjoin(Picture, READY)
    .where(Seller.slug == bindparam("slug", type_=String), Seller.closed_at.is_(None))
)  # fmt: skip


def find_shop(db: Reader, slug: str) -> Shop:
    """An open shop; one query. Raises NotFound."""
    row = db.execute(SHOP, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    today = clock.today()
    is_resting = is_at_rest(row.resting, row.resting_until, today)
    return Shop(row, papers(row.papers, today), album.photo_of(row), is_resting)


KIOSK = (
    select(
        Place.id, Place.slug, Place.name, Place.district_code, Place.village, Place.landmark,
        Place.opening_hours, Place.is_pickup,
        Organisation.slug.label("coop_slug"), Organisation.short_name.label("coop_name"),
    )
    .outerjoin(Cooperative, Cooperative.id == Place.organisation_id)
    .outerjoin(Organisation, COOPERATIVE_OF)
    .where(Place.slug == bindparam("slug", type_=String), Place.closed_at.is_(None))
    .where(Place.kind == literal_column("'kiosk'"))
)  # fmt: skip


def find_kiosk(db: Reader, slug: str) -> Any:
    """An open kiosk, with the cooperative it belongs to; one query. Raises NotFound."""
    row = db.execute(KIOSK, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    return row


def shelf(db: Reader, place_id: int) -> list[Owner]:
    """What stands on a kiosk's shelf now, by owner; one query."""
    goods = sorted(stock.at_place(db, place_id), key=_owner)
    return [Owner(slug, name, list(own)) for (name, slug), own in groupby(goods, key=_owner)]


def _owner(one: OnShelf) -> tuple[str, str]:
    return one.owner_name, one.owner_slug


def hours(written: Mapping[str, str]) -> list[tuple[str, str]]:
    """Opening hours in words: "mon_sat" becomes Senin sampai Sabtu; in the order of the week."""
    order = list(DAYS)
    known = [key for key in written if all(day in DAYS for day in key.split("_"))]
    known.sort(key=lambda key: order.index(key.split("_")[0]))
    return [(_days(key.split("_")), written[key]) for key in known]


def _days(days: list[str]) -> str:
    first, last = DAYS[days[0]], DAYS[days[-1]]
    if len(days) == 1:
        return str(first)
    return str(_("%(first)s sampai %(last)s", first=first, last=last))


HOUSE = (
    select(
        Organisation.id, Organisation.slug, Organisation.name, Organisation.short_name,
        Cooperative.founded_on, Cooperative.village, Cooperative.district_code,
        Cooperative.landmark, Cooperative.group_values, Cooperative.story, Cooperative.story_en,
    )
    .join(Cooperative, COOPERATIVE_OF)
    .where(Organisation.slug == bindparam("slug", type_=String))
)  # fmt: skip
SHOPS = (
    select(
        Seller.slug, Seller.store_name, Seller.mission, Seller.district_code,
        Seller.resting, Seller.resting_until, func.count().over().label("total"),
    )
    .where(Seller.organisation_id == bindparam("organisation_id"), Seller.closed_at.is_(None))
    .order_by(Seller.store_name, Seller.id)
    .limit(SHOPS_A_PAGE)
    .offset(bindparam("skipped", type_=Integer))
)  # fmt: skip


def find_house(db: Reader, slug: str) -> Any:
    """An open cooperative or joint group; one query. Raises NotFound."""
    row = db.execute(HOUSE, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    return row


def list_shops(db: Reader, organisation_id: int, page: int) -> list[Any]:
    """One page of a cooperative's open shops, by name; `total` says how many there are."""
    values = {"organisation_id": organisation_id, "skipped": (page - 1) * SHOPS_A_PAGE}
    return list(db.execute(SHOPS, values))

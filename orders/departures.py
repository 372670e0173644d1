"""Where picked goods leave from, and what the terms of each lot say about the web there."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from cooperatives.allocation import Pick
from cooperatives.consignment import RATES, rate_of
from cooperatives.models import Place, TermsRate
from cooperatives.sharing import Rate
from cooperatives.stock import PLACES
from core.db import Reader, Ready


class Origin(NamedTuple):
    """A place as the bill needs it."""

    id: int
    kind: str
    name: str
    district_code: str
    is_pickup: bool


_ORIGINS = Ready(
    select(
        *(Place.id, Place.kind, Place.name, Place.district_code, Place.is_pickup),
        TermsRate.terms_id,
        *RATES,
    )
    .outerjoin(
        TermsRate,
        and_(
            TermsRate.terms_id == any_(bindparam("terms", type_=ARRAY(BigInteger))),
            TermsRate.channel == literal_column("'web'"),
            TermsRate.place_kind == Place.kind,
        ),
    )
    .where(Place.id == any_(PLACES))
)


def origins_of(
    db: Reader, picks: Sequence[Pick]
) -> tuple[dict[int, Origin], dict[tuple[int, int], Rate]]:
    """Where picks leave from, and what the terms of each say about the web there; one query."""
    places = sorted({pick.place_id for pick in picks})
    terms = sorted({pick.terms_id for pick in picks})
    rows = _ORIGINS.rows(db, {"places": places, "terms": terms})
    return (
        {row.id: Origin(*row[:5]) for row in rows},
        {(row.id, row.terms_id): rate_of(row) for row in rows if row.terms_id is not None},
    )

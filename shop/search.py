"""Finding goods and makers by what a buyer types, slips of the finger included.

A typed word that stands in nothing on sale is mended by its nearest neighbour among the words that
do (`SearchWord`). Then the newest goods with all words are looked at, those with the words in
their names first, never more than `CANDIDATES_MAX`: that keeps a search of 200,000 goods as quick
as one of 2,000. Why 'simple' and not a stemmer: see `Listing.words`.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from core.db import Reader, Ready
from sellers.models import Category, Listing, Seller
from sellers.publishing import OPEN
from shop.catalogue import PAGE_SIZE, Filter, Page, list_cards, neighbourhood
from shop.facets import CONDITIONS, IN_STOCK, LISTED
from shop.models import SearchWord

TYPED_MAX = 200  # Letters of a question that are read.
WORDS_MAX = 8
WORD_LETTERS_MAX = 40
SLIP_LETTERS_MIN = 4  # Shorter words have too many neighbours.
CANDIDATES_MAX = 120  # Five pages: whoever has not found it by then asks in other words.
PAGES = tuple(str(number) for number in range(1, CANDIDATES_MAX // PAGE_SIZE + 1))
MAKERS_MAX = 4
NAMESAKES_MAX = 50  # A word in more shops than this names no shop.

COMMON_MAX = 2_000  # Goods with the words among which the names are looked through.
FIRST_WALK, LONG_WALK = 2_000, 10_000  # Of the newest, looked at one by one for common words.

Counts = dict[str, tuple[int, int]]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Maker:
    """A shop whose name was typed, and where it is."""

    url: str
    name: str
    place: str
    note: str = ""
    photo: None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found. `words` were looked for, `typed` were typed; `loosely` says that
    nothing has all the words, so these have some.
    """

    typed: str
    words: str
    page: Page
    makers: tuple[Maker, ...] = ()
    loosely: bool = False

    @property
    def key(self) -> Hashable:
        """What it shows."""
        return self.typed, self.words, self.page.key, self.makers, self.loosely

    @property
    def mended(self) -> bool:
        """Whether other words were looked for than were typed."""
        return self.words != " ".join(read(self.typed))


def read(text: str) -> list[str]:
    """The words of a question, small; everything that is no letter or digit parts them."""
    found = _WORD.findall(text[:TYPED_MAX].lower())
    return [word[:WORD_LETTERS_MAX] for word in dict.fromkeys(found)][:WORDS_MAX]


def find(
    db: Reader, typed: str, wanted: Filter, *, number: int = 1, exactly: bool = False
) -> Found:
    """One page of what fits, in stock first, then by how well; `exactly` mends no word."""
    words = read(typed)
    if not words:
        return Found(typed, "", Page())
    known = _known(db, words)
    if not exactly:
        nearest = _nearest_of(db, [word for word in words if word not in known])
        known |= dict(nearest.values())
        words = list(dict.fromkeys(nearest.get(word, (word,))[0] for word in words))
    counts = [known.get(word, (0, 0))[0] for word in words]
    ranked = _ranked(db, words, wanted, glue=" & ", most=min(counts))
    loosely = not ranked and len(words) > 1
    if loosely:
        ranked = _ranked(db, words, wanted, glue=" | ", most=sum(counts))
    return Found(
        typed,
        " ".join(words),
        _page(db, ranked, max(1, number)),
        _makers(db, words, known) if number <= 1 else (),
        loosely and bool(ranked),
    )


def _page(db: Reader, ranked: Sequence[int], number: int) -> Page:
    """The cards of one page in the order found; `next` is the number of the next page."""
    start = (number - 1) * PAGE_SIZE
    ids = tuple(ranked[start : start + PAGE_SIZE])
    if not ids:
        return Page()
    page = list_cards(db, Filter(listing_ids=ids))
    order = {listing_id: place for place, listing_id in enumerate(ids)}
    is_more = len(ranked) > start + PAGE_SIZE
    return replace(
        page,
        rows=tuple(sorted(page.rows, key=lambda row: order[row[0]])),
        next=str(number + 1) if is_more else "",
    )


_WORDS = bindparam("words", type_=ARRAY(String))
_KNOWN = Ready(
    select(SearchWord.word, SearchWord.listings, SearchWord.makers).where(
        SearchWord.word == any_(_WORDS)
    )
)

_typed = func.unnest(_WORDS).table_valued("word", name="typed").render_derived()
_nearest = (
    select(SearchWord.word, SearchWord.listings, SearchWord.makers)
    .where(SearchWord.word.op("%")(_typed.c.word))
    .order_by(
        func.similarity(SearchWord.word, _typed.c.word).desc(),
        (SearchWord.listings + SearchWord.makers).desc(),
        SearchWord.word,
    )
    .limit(literal_column("1"))
    .lateral("nearest")
)
_NEAREST = Ready(
    select(_typed.c.word.label("typed"), *_nearest.c).select_from(_typed).join(_nearest, true())
)


def _known(db: Reader, words: Sequence[str]) -> Counts:
    """Those of the words that stand somewhere, with how many goods and shops have them."""
    found = _KNOWN.rows(db, {"words": list(words)})
    return {word: (listings, makers) for word, listings, makers in found}


def _nearest_of(db: Reader, strange: Sequence[str]) -> dict[str, tuple[str, tuple[int, int]]]:
    """For words that stand nowhere the nearest that do, with how many goods and shops have them."""
    slips = [word for word in strange if len(word) >= SLIP_LETTERS_MIN and word.isalpha()]
    if not slips:
        return {}
    found = _NEAREST.rows(db, {"words": slips})
    return {typed: (meant, (listings, makers)) for typed, meant, listings, makers in found}


def _ranked(db: Reader, words: Sequence[str], wanted: Filter, *, glue: str, most: int) -> list[int]:
    """Ids of what fits, best first: from the names, and only if those are few from the rest.

    `most` is how many goods can have the words at all. The word index does not know what stands in
    a name, so where that is too many only the newest are looked at.
    """
    everywhere = glue.join(f"'{word}'" for word in words)
    in_names = glue.join(f"'{word}':A" for word in words)
    values = wanted.values() | {"asked": everywhere, "ranked_by": everywhere}
    walked, indexed = _statements(wanted.shape())
    if most <= COMMON_MAX:
        rows = list(indexed.rows(db, values | {"asked": in_names}))
    else:
        rows = _walk(db, walked, values)
    if len(rows) < CANDIDATES_MAX:
        seen = {row.id for row in rows}
        rows += [row for row in indexed.rows(db, values) if row.id not in seen]
    ready = _ready(db, [row.id for row in rows])
    shown = [row for row in rows if row.id in ready]
    shown.sort(key=lambda row: (ready[row.id], row.rank, row.published_at, row.id), reverse=True)
    return [row.id for row in shown[:CANDIDATES_MAX]]


def _walk(db: Reader, walked: Ready, values: dict[str, Any]) -> list[Any]:
    """What a walk from the newest on finds, which goes on only while it is likely to find all."""
    rows = list(walked.rows(db, values | {"walk": FIRST_WALK}))
    expected = len(rows) * LONG_WALK // FIRST_WALK
    if len(rows) < CANDIDATES_MAX <= expected:
        rows = list(walked.rows(db, values | {"walk": LONG_WALK}))
    return rows


@lru_cache(maxsize=64)
def _statements(shape: frozenset[str]) -> tuple[Ready, Ready]:
    """The newest goods with the words, in two ways, built once for each shape of filter.

    The first walks from the newest on, so many at most; the second takes the word index for all.
    PostgreSQL cannot tell which is better, for it does not know which words stand together: it
    would walk through everything for two common words that nothing has both of. So each is written
    in a way that leaves it no other.
    """
    asked = bindparam("asked", type_=String).cast(TSQUERY)
    from_the_newest = Listing.published_at.desc()
    end = (
        select(Listing.published_at)
        .where(LISTED)
        .order_by(from_the_newest, Listing.id.desc())
        .offset(bindparam("walk", type_=BigInteger))
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    long_ago: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
    walked = _candidates(
        shape,
        Listing.published_at >= func.coalesce(end, long_ago),
        func.ts_match_vq(Listing.words, asked),  # What @@ does, but no index knows it.
        newest=from_the_newest,
    )
    no_time: ColumnElement[Any] = literal_column("interval '0'")
    indexed = _candidates(
        shape, Listing.words.op("@@")(asked), newest=(Listing.published_at + no_time).desc()
    )
    return walked, indexed


def _candidates(
    shape: frozenset[str], *conditions: ColumnElement[bool], newest: ColumnElement[Any]
) -> Ready:
    found = (
        select(Listing.id, Listing.published_at, Listing.words)
        .where(LISTED, *conditions, *(CONDITIONS[name] for name in sorted(shape)))
        .order_by(newest, Listing.id.desc())
        .limit(literal_column(str(CANDIDATES_MAX)))
        .subquery("found")
    )
    rank = func.ts_rank(found.c.words, bindparam("ranked_by", type_=String).cast(TSQUERY))
    return Ready(select(found.c.id, found.c.published_at, rank.label("rank")))


_READY = Ready(
    select(Listing.id, IN_STOCK.label("ready"))
    .join(Seller, Seller.id == Listing.seller_id)
    .join(Category, Category.id == Listing.category_id)
    .where(OPEN, CONDITIONS["listing_ids"])
)


def _ready(db: Reader, ids: Sequence[int]) -> dict[int, bool]:
    """Those of an open shop and an open kind, and whether they can be ordered now."""
    if not ids:
        return {}
    values = Filter(listing_ids=tuple(ids)).values()
    return {row.id: row.ready for row in _READY.rows(db, values)}


_NAMED = Ready(
    select(Seller.slug, Seller.store_name, Seller.district_code)
    .where(Seller.closed_at.is_(None))
    .where(Seller.store_name.op("~*")(bindparam("pattern", type_=String)))
    .order_by(Seller.store_name, Seller.id)
    .limit(literal_column(str(MAKERS_MAX)))
)


def _makers(db: Reader, words: Sequence[str], known: Counts) -> tuple[Maker, ...]:
    """Shops with the rarest of the words in their names, unless that word is in too many."""
    named = {w: known.get(w, (0, 0))[1] for w in words if len(w) >= SLIP_LETTERS_MIN - 1}
    names = [(makers, word) for word, makers in named.items() if makers]
    if not names or min(names)[0] > NAMESAKES_MAX:
        return ()
    # \m and \M are where a word begins and ends; the pieces of the word are in an index.
    rows = _NAMED.rows(db, {"pattern": rf"\m{min(names)[1]}\M"})
    return tuple(
        Maker(f"/toko/{row.slug}", row.store_name, neighbourhood(row.district_code)) for row in rows
    )

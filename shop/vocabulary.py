"""Keeps the words of the shop (`SearchWord`): new ones at once, the figures once a night."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import jobs
from core.actors import SYSTEM, Actor
from core.db import in_transaction

RECOUNT_SECONDS_MAX = 120

_LEARN = text("""
    insert into search_word as known (word, listings, makers)
    select word, max(listings), max(makers) from (
        select lexeme as word, 1 as listings, 0 as makers
        from listing, unnest(words) where id = :listing_id and state = 'live'
        union all
        select lexeme, 0, 1 from listing join seller on seller.id = seller_id,
        unnest(to_tsvector('simple', store_name)) where listing.id = :listing_id and state = 'live'
    ) found where length(word) <= 40 group by word order by word
    on conflict (word) do update set
        listings = greatest(known.listings, excluded.listings),
        makers = greatest(known.makers, excluded.makers)
    where known.listings < excluded.listings or known.makers < excluded.makers
""")

# The insert and the delete see the same moment and never touch the same word.
_RECOUNT = text("""
    with goods as (
        select word, ndoc as listings from ts_stat(
            'select words from listing where state = ''live'' and hidden_reason = '''''
        )
    ), shops as (
        select lexeme as word, count(*) as makers
        from seller, unnest(to_tsvector('simple', store_name)) where closed_at is null
        group by lexeme
    ), counted as materialized (
        select word, coalesce(listings, 0) as listings, coalesce(makers, 0) as makers
        from goods full join shops using (word) where length(word) <= 40
    ), kept as (
        insert into search_word as known (word, listings, makers)
        select * from counted order by word
        on conflict (word) do update set listings = excluded.listings, makers = excluded.makers
        where (known.listings, known.makers) <> (excluded.listings, excluded.makers)
    )
    delete from search_word known
    where not exists (select 1 from counted where counted.word = known.word)
""")


@in_transaction()
def learn(db: Session, *, actor: Actor, listing_id: int) -> None:  # noqa: ARG001  (a command has one)
    """Know the words of one product on sale and of its maker's shop; knowing them is no harm."""
    db.execute(_LEARN, {"listing_id": listing_id})


@in_transaction()
def recount(db: Session, *, actor: Actor) -> None:  # noqa: ARG001  (a command has one)
    """Count all words anew and forget those that stand nowhere any more."""
    db.execute(text(f"set local statement_timeout = '{RECOUNT_SECONDS_MAX}s'"))
    db.execute(_RECOUNT)


@jobs.job("shop.learn_words", key="listing_id")
def learn_words(listing_id: int) -> None:
    """A product was shown to buyers or changed before their eyes."""
    learn(actor=SYSTEM, listing_id=listing_id)


@jobs.job("shop.recount_words", key=None, cron="40 19 * * *")
def recount_words() -> None:
    """Once a night."""
    recount(actor=SYSTEM)

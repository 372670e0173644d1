"""What must always be true of helping hands."""

from core.doctor import Invariant, sql

LIVING = Invariant(
    "TT1",
    "Whoever may work for somebody else has her living mandate for that shop.",
    sql(
        "select g.id from grant_given g where g.on_behalf_of is not null"
        " and g.revoked_at is null and (g.until is null or g.until > now())"
        " and not exists (select from mandate m where g.evidence = 'mandate:' || m.id"
        " and m.helper_id = g.person_id and m.owner_id = g.on_behalf_of"
        " and m.seller_id = g.subject_id and m.ended_at is null and m.until > now())"
    ),
)
NO_MONEY = Invariant(
    "TT2",
    "No mandate reaches beyond the parts of selling: no money, no bank account, no paper.",
    sql(
        "select id from grant_given where (on_behalf_of is not null) <> (right_name like 'sell.%')"
    ),
)
BOTH_NAMES = Invariant(
    "TT3",
    "Whatever was done on somebody's behalf rested on a mandate that was alive then.",
    # A command that was running when the mandate ended was still hers to finish.
    sql(
        "select a.id from audit a where a.on_behalf_of is not null"
        " and not exists (select from mandate m where m.helper_id = a.actor_id"
        " and m.owner_id = a.on_behalf_of and m.created_at <= a.at"
        # What came too late was not done: it is only told.
        " and (a.action = 'act.park' or m.until > a.at"
        " and (m.ended_at is null or m.ended_at >= a.at - interval '5 seconds')))"
    ),
)
ALL = (LIVING, NO_MONEY, BOTH_NAMES)

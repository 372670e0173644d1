"""What must always be true of packages of several makers; `flask doctor` reads these."""

from core.doctor import Invariant, sql

WHOLE = Invariant(
    "P1",
    "The pieces of a package add up to its price, and are of two makers or more.",
    sql(
        "select g.id, g.price, sum(p.units * p.piece_price) from joint_package g"
        " left join joint_part p on p.package_id = g.id group by g.id"
        " having g.price is distinct from sum(p.units * p.piece_price)"
        " or count(distinct p.seller_id) < 2"
    ),
)
HER_GOODS = Invariant(
    "P2",
    "In a package everybody is asked for her own goods.",
    sql(
        "select p.package_id, p.variant_id from joint_part p join variant v on v.id = p.variant_id"
        " join listing l on l.id = v.listing_id where l.seller_id <> p.seller_id"
    ),
)

ALL = (WHOLE, HER_GOODS)

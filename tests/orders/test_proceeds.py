"""Struk Jujur: all parts together are what the buyer paid, to the rupiah, whatever happened."""

from hypothesis import given
from hypothesis import strategies as st

from cooperatives.sharing import Rate, Shares, split_line
from orders.proceeds import Part, Party, Sold, divide

HOUSE = "Lumbung"
TIWUL = Sold("Dapur Bu Nur", "Sendang", "Kios Terminal", Shares(1_000, 500, 250, 0, 8_250))
BATIK = Sold("Batik Bu Umi", "Sendang", "Kios Terminal", Shares(2_000, 1_000, 500, 100, 16_400))


def amounts(parts):
    return {(part.party, part.name): part.amount for part in parts}


def test_each_maker_stands_for_herself_with_what_her_goods_cost():
    parts = divide(35_000, [TIWUL, BATIK], [("JNE REG", 5_000)], 0, HOUSE)
    assert parts == [
        Part(Party.MAKER, "Dapur Bu Nur", 8_250, 10_000),
        Part(Party.MAKER, "Batik Bu Umi", 16_400, 20_000),
        Part(Party.COOPERATIVE, "Sendang", 1_500),
        Part(Party.KIOSK, "Kios Terminal", 3_000),
        Part(Party.OPERATOR, HOUSE, 750),
        Part(Party.AFFILIATE, "", 100),
        Part(Party.COURIER, "JNE REG", 5_000),
    ]


def test_who_gets_nothing_is_not_named():
    alone = Sold("Dapur Bu Nur", "Sendang", "", Shares(maker=9_000))
    assert divide(9_000, [alone], [], 0, HOUSE) == [Part(Party.MAKER, "Dapur Bu Nur", 9_000, 9_000)]


def test_what_goes_back_is_a_part_too():
    parts = divide(35_000, [TIWUL], [("JNE REG", 5_000)], 20_000, HOUSE)
    assert amounts(parts)[Party.BUYER, ""] == 20_000
    assert Party.OPEN not in {part.party for part in parts}


def test_promised_goods_that_are_being_replaced_are_open():
    parts = divide(35_000, [TIWUL], [("JNE REG", 5_000)], 0, HOUSE)
    assert amounts(parts)[Party.OPEN, ""] == 20_000


def test_money_back_for_goods_she_keeps_is_borne_by_all():
    parts = amounts(divide(10_000, [TIWUL], [], 5_000, HOUSE))
    assert parts[Party.MAKER, "Dapur Bu Nur"] == 4_125
    assert parts[Party.BUYER, ""] == 5_000


def test_who_bears_it_pays_and_the_makers_keep_theirs():
    parts = amounts(divide(10_000, [TIWUL], [], 5_000, HOUSE, [("kurir", 5_000)]))
    assert parts[Party.MAKER, "Dapur Bu Nur"] == 8_250
    assert parts[Party.BEARER, "kurir"] == -5_000


def test_all_of_it_back_leaves_only_her():
    assert divide(10_000, [TIWUL], [], 10_000, HOUSE) == [Part(Party.BUYER, "", 10_000)]


bp = st.integers(0, 3_000)
prices = st.integers(1, 2_000_000)
shops = st.sampled_from(["Dapur Bu Nur", "Batik Bu Umi", "Keripik Bu Tin"])


@st.composite
def goods(draw):
    rate = Rate(draw(bp), draw(bp), draw(bp), affiliate_bp=draw(st.integers(0, 500)))
    shares = split_line(draw(prices), rate, is_invited=True)
    return Sold(draw(shops), "Sendang", draw(st.sampled_from(["", "Kios"])), shares)


@given(
    st.lists(goods(), max_size=6),
    st.lists(st.tuples(st.sampled_from(["JNE", "J&T"]), st.integers(0, 90_000)), max_size=3),
    st.integers(0, 2_000_000),
    st.data(),
)
def test_the_parts_are_always_what_was_paid(sold, fees, more, data):
    paid = sum(one.shares.gross for one in sold) + sum(fee for _name, fee in fees) + more
    back = data.draw(st.integers(0, paid))
    borne = data.draw(st.integers(0, back))
    parts = divide(paid, sold, fees, back, HOUSE, [("kurir", borne)])
    assert sum(part.amount for part in parts) == paid
    assert all(part.amount > 0 for part in parts if part.party is not Party.BEARER)
    assert [-part.amount for part in parts if part.party is Party.BEARER] == [borne] * bool(borne)

"""What the phone reads, counts and finds by itself is what the server reads, counts and finds."""

import json
import random
from pathlib import Path

import pytest

from cooperatives import costing
from cooperatives.hints import shares
from cooperatives.product_answers import parse_stock
from cooperatives.sharing import Rate
from core.errors import DomainError
from core.money import parse_rupiah
from sellers import claims, food_rules, shelf_words
from sellers.grams import parse_grams

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PRICES = [
    "25rb", "25.000", "Rp25000", "25 ribu", "Rp 25.000,-", "25k", "1,5jt", "1.500 ribu", "0", "",
    "Rp. 7", "25,000", "25,000.00", "2.5.0", "1.50", "007", "-5", "1e3", "idr 5 rb rupiah", "٥",
    "1000000001", "1.000.000.000", "999.999", "25.000 rupiah", "25.000,--", "1,25 juta", "1,255 rb",
    "murah", "12345678901234567890", " 5000 ", "5 000", "Rp", "rb", "15rb15",
]  # fmt: skip
WEIGHTS = [
    "450", "450 g", "450gram", "1,5 kg", "1.5kg", "0,25 kg", "2 KILO", "100 kg", "101 kg", "1.500",
    "2 ons", "2,5ons", "1/4 kg", "3/4 kilogram", "1/3 kg", "1/2", "0", "", "-1", "1,5 g", "1e3",
    "٤", "1,2345 kg", "0,0005 kg", "1,005 kg", "9/8 kg", "ons", "100001",
]  # fmt: skip
COUNTS = ["0", "12", "1.000", "10000", "10001", "", "-1", "1,5", "sepuluh", "٣", " 7 ", "1e2"]
NAMES = [
    "Keripik Pisang", "KERIPIK  bayam", "Kópi bubuk", "Jenang Carica", "Paket hemat", "", "123",
    "500 g gula merah",
]  # fmt: skip
TEXTS = [
    "Keripik gurih", "menyembuhkan diabetes", "0bat kuat", "ob\u200bat kanker", "Tanpa pengawet!",
    "TIDAK menerima retur", "bukan obat", "100% alami", "Jamu pelangsing", "dijamin aman", "250 g",
    "anti-oksidan", "çures cancer", "barang tidak bisa dikembalikan", "h4t1 s3hat 0b4t",
]  # fmt: skip
FOODS = ["Carica dalam sirup", "Keripik ayam", "Bakso", "Abon sapi", "Es krim", "Teh", "Jus buah"]


@pytest.fixture(scope="module")
def modules(browser):
    """The scripts themselves, served under a name that goes nowhere else."""
    context = browser.new_context()
    page = context.new_page()

    def answer(route):
        name = route.request.url.rsplit("/", 1)[1]
        path = ROOT / "static/js" / name
        if path.is_file():
            route.fulfill(body=path.read_text(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html")

    page.route("**/*", answer)
    page.goto("http://localhost/")
    yield page
    context.close()


def by_python(parse, texts):
    found = []
    for text in texts:
        try:
            found.append(parse(text))
        except DomainError:
            found.append(None)
    return found


def by_phone(page, module, call, values):
    return page.evaluate(
        f"async (values) => {{ const m = await import('/{module}'); return values.map({call}); }}",
        values,
    )


def test_both_read_the_same(modules):
    for name, parse, texts in (
        ("parseRupiah", parse_rupiah, PRICES),
        ("parseGrams", parse_grams, WEIGHTS),
        ("parseCount", parse_stock, COUNTS),
    ):
        told = by_phone(modules, "amounts.js", f"(one) => m.{name}(one)", texts)
        expected = by_python(parse, texts)
        assert dict(zip(texts, told, strict=True)) == dict(zip(texts, expected, strict=True))


def test_both_count_the_same(modules):
    chance = random.Random(17)
    cases = [
        (chance.randrange(1, 2_000_000), chance.choice(costing.GAINS_PERCENT),
         Rate(*(chance.randrange(0, 3_000) for _ in range(3))))
        for _ in range(300)
    ]  # fmt: skip
    cases.append((5_000, 50, Rate(cooperative_bp=10_000)))
    sent = [[cost, gain, shares(rate)] for cost, gain, rate in cases]
    told = by_phone(
        modules, "costs.js", "([c, g, r]) => [m.received(c, r), m.fairPrice(c, g, r)]", sent
    )
    assert told == [
        [costing.received(cost, rate), costing.fair_price(cost, gain, rate)]
        for cost, gain, rate in cases
    ]


def test_both_find_the_same(modules, speaking):
    written = json.loads((ROOT / "shop/demo/data/listings.json").read_text())
    shelves = [(row["slug"], row["name"]) for row in written["categories"]]
    names = NAMES + [row["details"]["name"] for row in written["listings"]]
    known = shelf_words.vocabulary(shelves)
    rules = {"words": known, "claims": claims.as_data(), "permits": food_rules.as_data()}
    modules.evaluate("(rules) => { globalThis.rules = rules; }", rules)
    told = by_phone(modules, "claims.js", "(one) => m.reader(globalThis.rules).shelf(one)", names)
    assert told == [shelf_words.suggest(name, known) or "" for name in names]
    texts = TEXTS + names
    for is_food in (True, False):
        found = by_phone(
            modules,
            "claims.js",
            f"(one) => m.reader(globalThis.rules).findings(one, {json.dumps(is_food)}).sort()",
            texts,
        )
        said = [sorted(one.sentence for one in claims.scan(t, is_food=is_food)) for t in texts]
        assert found == said
    foods = FOODS + names
    told = by_phone(modules, "claims.js", "(one) => m.reader(globalThis.rules).needsMd(one)", foods)
    assert told == [food_rules.advise(one, None).kind == "md" for one in foods]

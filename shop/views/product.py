"""The page of one product: `/p/<slug>`."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from cooperatives import batches
from cooperatives.batches import Batch
from cooperatives.packages.shown import Named, list_with
from core.access import public
from core.addresses import BIGINT_MAX
from core.config import settings
from core.db import Reader, reading
from core.drawing import draw, lately
from core.regions import District, NoSuchDistrict
from core.settings import CoreSettings
from core.words import berat, tanggal, wa_link
from orders import shipping
from orders.settings import OrderSettings
from orders.shipping import Quote
from sellers.forms import ALLERGENS, COUNTRIES, LANGUAGES, UNITS
from sellers.training.history import Shown, shown_for_listing
from shop import share, structured, tongues
from shop.catalogue import PRODUCT_URL, neighbourhood
from shop.districts import resolve
from shop.makers import paragraphs, told
from shop.product import FEW, Found, Product, Size, find_product
from shop.views import cookie

bp = Blueprint("product", __name__)

PLACE_LETTERS_MAX = 100
SUMMARY_LETTERS_MAX = 155
PIECES_MAX = 99


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was asked about sending one piece, and the answer: a quote, or a sentence why not."""

    typed: str
    place: str = ""
    quote: Quote | None = None
    wrong: Any = ""
    choices: tuple[District, ...] = ()


@bp.get("/p/<slug>")
@public
def show(slug: str) -> str:
    """What it is, who made it, what it costs to get it home."""
    typed = request.args.get("ke", "").strip()[:PLACE_LETTERS_MAX]
    found, trainings, packages = lately(lambda: _read(slug), "product", slug)
    key = (found, trainings, packages, _delivery(found, typed), _batch(found))
    return draw("shop/product.html", *key, context=lambda: _context(*key))


def _batch(found: Found) -> Batch | None:
    """The batch that stands on the label in her hand, where goods with that code came in."""
    code, size = request.args.get("batch", ""), request.args.get("ukuran", 0, type=int)
    if not code or not 0 < size <= BIGINT_MAX:
        return None
    with reading() as db:
        return batches.find(db, found.id, size, code)


def _read(slug: str) -> tuple[Found, tuple[Shown, ...], tuple[Named, ...]]:
    with reading() as db:
        found = find_product(db, slug)
        trainings = shown_for_listing(db, found.id) if found.has_trainings else ()
        packages = list_with(db, found.id) if found.has_packages else ()
        return found, tuple(trainings), tuple(packages)


def _context(
    found: Found,
    trainings: tuple[Shown, ...],
    packages: tuple[Named, ...],
    delivery: Delivery,
    batch: Batch | None,
) -> dict[str, Any]:
    product = found.product()
    return {
        "product": product,
        "row": product.row,
        "trainings": trainings,
        "packages": packages,
        "delivery": delivery,
        "batch": batch,
        "complaint_days": settings(OrderSettings).complaint_days,
        **_words(product),
    }


def _words(product: Product) -> dict[str, Any]:
    """The page's sentences that depend on the product."""
    row = product.row
    description = told(row, "description")
    place = neighbourhood(row.shop_district_code)
    return {
        **_shared(product, description),
        "shelf": told(row, "shelf_name"),
        "summary": " ".join(description.split())[:SUMMARY_LETTERS_MAX] or row.shop_mission,
        "paragraphs": paragraphs(description),
        "tongues": tongues.of(product),
        "price": product.price_from,
        "price_from": product.has_several_prices,
        "state": _state(product),
        "note": _note(product),
        "sizes": [(size, _label(size), *_left(size.free)) for size in product.sizes],
        "most": min(PIECES_MAX, max(size.free for size in product.sizes)),
        "stands": [(one, neighbourhood(one.district_code)) for one in product.stands],
        "maker": {
            "name": row.shop_name,
            "url": url_for("makers.seller", slug=row.shop_slug),
            "place": place,
            "note": row.shop_mission,
            "photo": product.maker_photo,
        },
        "languages": ", ".join(str(LANGUAGES.get(one, one)) for one in row.shop_languages),
        "story": paragraphs(told(row, "shop_story")),
        "facts": _facts(product),
        "halal": _halal(product),
        "hands": _hands(product, place),
    }


def _shared(product: Product, description: str) -> dict[str, Any]:
    """What leaves the page: its address, the preview, the WhatsApp text, the structured data."""
    row, name = product.row, told(product.row, "name")
    house = settings(CoreSettings).public_url
    url = urljoin(house, PRODUCT_URL + row.slug)
    data = structured.product_data(
        product,
        name=name,
        description=description,
        url=url,
        shop_url=urljoin(house, url_for("makers.seller", slug=row.shop_slug)),
    )
    return {
        "name": name,
        "url": url,
        "image": urljoin(url, product.photos[0].share_url) if product.photos else "",
        "whatsapp": wa_link(share.of_product(product, url)),
        "data": structured.script_text(data),
    }


def _left(free: int) -> tuple[str, str]:
    """What is left, in words, and the kind of its badge."""
    if free > FEW:
        return _("Siap kirim"), "good"
    if free:
        return _("Stok tinggal %(free)s", free=free), "warning"
    return _("Habis"), "wait"


def _state(product: Product) -> tuple[str, str]:
    if product.is_resting and not product.free:
        return _("Istirahat"), "rest"
    return _left(product.free)


def _note(product: Product) -> str:
    """What buyers should know before they order, or why they cannot."""
    row = product.row
    if product.free and row.made_to_order:
        return str(_("Dibuat setelah dipesan, siap dalam %(days)s hari.", days=row.lead_days))
    if product.free and row.lead_days:
        return str(_("Dikemas paling lama %(days)s hari.", days=row.lead_days))
    if product.free:
        return ""
    if product.is_resting and row.shop_resting_until:
        day = tanggal(row.shop_resting_until)
        return str(_("Pembuatnya istirahat sampai %(day)s. Silakan kembali sesudahnya.", day=day))
    if product.is_resting:
        return str(_("Pembuatnya sedang istirahat. Silakan kembali lain hari."))
    return str(_("Sedang tidak ada stok. Lihat dulu barang lain dari toko ini."))


def _label(size: Size) -> str:
    """Large, 400 g: what tells the sizes of one product apart; a sample says how many there are."""
    net = berat(size.net_weight_grams) if size.net_weight_grams else ""
    words = ", ".join(part for part in (size.name, net) if part) or _("Satu ukuran")
    if not size.is_sample:
        return words
    most = settings(OrderSettings).samples_max
    return str(_("%(size)s (contoh, paling banyak %(most)s setiap pesanan)", size=words, most=most))


def _facts(product: Product) -> list[tuple[str, str]]:
    """Pairs of words about what is in it and how it keeps; what is not known is left out."""
    row, first = product.row, product.first
    allergens = ", ".join(str(ALLERGENS.get(one, one)) for one in row.allergens)
    if row.is_food and not allergens and row.ingredients:
        allergens = _("Tidak ada yang disebut pembuatnya")
    keeps = _("%(days)s hari sejak dibuat", days=row.shelf_life_days) if row.shelf_life_days else ""
    sides = [str(side) for side in first.sides if side]
    unit = str(UNITS.get(first.unit, first.unit))
    parcel = _("%(weight)s per %(unit)s", weight=berat(first.weight_grams), unit=unit)
    found = [
        (_("Bahan"), told(row, "ingredients")),
        (_("Mengandung alergen"), allergens),
        (_("Cara menyimpan"), told(row, "storage")),
        (_("Tahan"), keeps),
        (_("Baik sebelum"), tanggal(product.best_before) if product.best_before else ""),
        (_("Berat isi"), berat(first.net_weight_grams) if first.net_weight_grams else ""),
        (_("Berat siap kirim"), parcel),
        (_("Ukuran paket"), f"{' × '.join(sides)} cm" if len(sides) == 3 else ""),
        (_("Kuat membuat seminggu"), _capacity(row)),
        (_("Boleh dikirim ke"), ", ".join(str(COUNTRIES.get(to, to)) for to in row.export_to)),
    ]  # fmt: skip
    return [(label, words) for label, words in found if words]


def _capacity(row: Any) -> str:
    """How many can be made in a week, by the sky: what is dried waits for the sun."""
    if not row.made_to_order:
        return ""
    sunny, rainy = row.capacity_sunny, row.capacity_rainy
    if sunny and rainy is not None and rainy != sunny:
        return str(_("%(sunny)s saat cerah, %(rainy)s saat hujan", sunny=sunny, rainy=rainy))
    return str(sunny or rainy or "")


def _halal(product: Product) -> tuple[str, str] | None:
    """The halal state in words and the kind of its badge; None for what nobody eats."""
    state = product.row.halal
    if not product.row.is_food or state == "not_food":
        return None
    if state == "certified":
        if product.has_paper("halal"):
            return _("Bersertifikat halal"), "good"
        if any(p.permit == "halal" and p.state == "sample" for p in product.papers):
            return _("CONTOH sertifikat halal"), "rest"
        return _("Sertifikat halal perlu diperbarui"), "warning"
    return {
        "in_process": (_("Sertifikat halal dalam proses"), "moving"),
        "not_halal": (_("Tidak halal"), "warning"),
        "none": (_("Belum bersertifikat halal"), "wait"),
    }[state]


def _hands(product: Product, place: str) -> list[dict[str, Any]]:
    """Who gets what of one piece sold now on the web from where it stands, the maker first."""
    row, shares = product.row, product.first.shares()
    if shares is None:
        return []
    chain = [
        (row.shop_name, place or _("Pembuatnya"), shares.maker),
        (row.coop_name or _("Koperasi"), _("Koperasi yang mendampingi"), shares.cooperative),
        (product.first.stands[0].name, _("Kios yang menyimpan"), shares.kiosk),
        (_("Lumbung"), _("Pengelola toko ini"), shares.operator),
    ]
    return [
        {"title": title, "detail": detail, "amount": amount}
        for title, detail, amount in chain
        if amount
    ]


def _delivery(found: Found, typed: str) -> Delivery:
    """Where to was asked now or before; the answer is remembered for the basket."""
    try:
        there = resolve(typed) if typed else cookie.district()
    except NoSuchDistrict as unknown:
        return Delivery(typed, wrong=unknown.sentence, choices=unknown.choices)
    if there is None:
        return Delivery(typed)
    if typed:
        cookie.keep_district(there.code)
    place = f"{there.name}, {there.regency}"
    with reading() as db:
        quote = _quote(db, found.product(), there.code)
    sorry = _("Belum ada kurir ke %(place)s. Coba kecamatan lain, atau ambil di kios.", place=place)
    return Delivery(typed or place, place, quote, "" if quote else sorry)


def _quote(db: Reader, product: Product, to: str) -> Quote | None:
    """The cheapest way to send one piece of the size shown first from where it stands."""
    stands = product.first.stands
    return shipping.estimate(
        db,
        from_district=stands[0].district_code if stands else product.row.shop_district_code,
        to_region=to,
        grams=product.first.weight_grams,
        boxes=product.first.boxes,
    )

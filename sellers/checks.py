"""What a product still lacks before buyers may see it. Pure rules; `listings` collects the facts.

A gap either blocks or advises. The law behind each rule stands in docs/listings.md and is a
setting wherever it may move.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from sellers import claims, food_rules
from sellers.settings import SellerSettings

FOOD_PERMITS = frozenset({"pirt", "md"})

_SENTENCES: dict[str, Any] = {
    "no_name": _l("Nama belum diisi."),
    "no_variant": _l("Harga dan berat belum diisi."),
    "no_category": _l("Jenis barang belum dipilih."),
    "closed_category": _l("Jenis barang ini sedang ditutup: %(reason)s"),
    "claim": "%(claim)s",
    "no_food_permit": _l(
        "Nomor P-IRT atau BPOM belum ada. Tanpa nomor, pangan belum boleh tayang."
    ),
    "food_permit_waits": _l("Izin pangan masih diurus. Tunggu nomornya terbit, lalu tayangkan."),
    "food_permit_ended": _l(
        "Izin pangan sudah berakhir. Perpanjang dulu, lalu tulis nomor barunya."
    ),
    "no_herbal_permit": _l("Jamu perlu nomor BPOM TR yang masih berlaku."),
    "needs_md": _l("Barang seperti ini biasanya perlu BPOM MD, bukan P-IRT."),
    "fresh_with_pirt": _l("P-IRT hanya untuk pangan yang tahan lebih dari 7 hari."),
    "no_halal": _l("Halal belum diurus. Sejak Oktober 2026 pangan wajib bersertifikat halal."),
    "no_halal_number": _l("Nomor sertifikat halal belum ditulis."),
    "no_ingredients": _l("Bahan belum diisi. Label pangan wajib menyebut bahan."),
    "no_shelf_life": _l("Tahan berapa hari belum diisi."),
    "no_net_weight": _l("Berat isi belum diisi. Label pangan wajib menyebut berat isi."),
    "not_edible": _l("Label ini untuk makanan, minuman, dan jamu. Pilih dulu jenis barangnya."),
    "no_photo": _l("Belum ada foto. Untuk sementara pembeli melihat gambar pengganti."),
    "photo_refused": _l("Ada foto yang tidak bisa dipakai. Hapus, lalu kirim foto lain."),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing: `part` is the page that mends it (isi, varian, foto, izin)."""

    code: str
    part: str
    box: str
    blocks: bool
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is missing, in the reader's language; a plain text, so that pages escape it."""
        return str(_SENTENCES[self.code]) % self.facts


@dataclass(frozen=True, slots=True)
class PermitFact:
    """What a check needs to know of one permit that covers the product."""

    kind: str
    has_number: bool
    valid_until: date | None

    def counts(self, today: date) -> bool:
        """Whether it has been given and has not ended."""
        return self.has_number and (self.valid_until is None or self.valid_until >= today)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a check looks at. `texts` is every text of the page by its box."""

    texts: Mapping[str, str]
    has_category: bool = True
    is_food: bool = False
    is_herbal: bool = False
    closed_reason: str = ""
    has_variant: bool = True
    has_net_weight: bool = True
    halal: str = "none"
    shelf_life_days: int | None = None
    permits: tuple[PermitFact, ...] = ()
    photos: int = 0
    photos_refused: int = 0


def find_gaps(sheet: Sheet, rules: SellerSettings, today: date) -> list[Gap]:
    """All gaps, what blocks first."""
    found = [*_basics(sheet), *_claims(sheet)]
    if sheet.is_herbal:
        found += _herbal(sheet, today)
    elif sheet.is_food:
        found += _food_permit(sheet, rules, today)
    if sheet.is_food or sheet.is_herbal:
        found += _label(sheet)
    if sheet.is_food:
        found += _halal(sheet, rules, today)
    found += _photos(sheet)
    return sorted(found, key=lambda gap: not gap.blocks)


def is_fresh(shelf_life_days: int | None, rules: SellerSettings) -> bool:
    """Whether this food keeps so short that it needs no P-IRT or BPOM number."""
    return shelf_life_days is not None and shelf_life_days <= rules.fresh_food_days


def _basics(sheet: Sheet) -> Iterator[Gap]:
    if not sheet.texts["name"].strip():
        yield Gap("no_name", "isi", "name", blocks=True)
    if not sheet.has_variant:
        yield Gap("no_variant", "varian", "price", blocks=True)
    if not sheet.has_category:
        yield Gap("no_category", "isi", "category", blocks=True)
    if sheet.closed_reason:
        facts = {"reason": sheet.closed_reason}
        yield Gap("closed_category", "isi", "category", blocks=True, facts=facts)


def _claims(sheet: Sheet) -> Iterator[Gap]:
    # A product without a category may turn out to be food.
    edible = sheet.is_food or sheet.is_herbal or not sheet.has_category
    for box, text in sheet.texts.items():
        for claim in claims.scan(text, is_food=edible):
            yield Gap("claim", "isi", box, blocks=True, facts={"claim": claim.sentence})


def _herbal(sheet: Sheet, today: date) -> Iterator[Gap]:
    if not any(permit.kind == "tr" and permit.counts(today) for permit in sheet.permits):
        yield Gap("no_herbal_permit", "izin", "number", blocks=True)


def _food_permit(sheet: Sheet, rules: SellerSettings, today: date) -> Iterator[Gap]:
    held = [permit for permit in sheet.permits if permit.kind in FOOD_PERMITS]
    valid = {permit.kind for permit in held if permit.counts(today)}
    if not valid and not is_fresh(sheet.shelf_life_days, rules):
        code = "no_food_permit"
        if held:
            waits = any(not permit.has_number for permit in held)
            code = "food_permit_waits" if waits else "food_permit_ended"
        yield Gap(code, "izin", "number", blocks=rules.food_needs_permit)
    advice = food_rules.advise(
        f"{sheet.texts['name']} {sheet.texts.get('description', '')}", sheet.shelf_life_days
    ).kind
    if advice == "md" and "md" not in valid:
        yield Gap("needs_md", "izin", "number", blocks=False)
    if advice == "fresh" and "pirt" in valid:
        yield Gap("fresh_with_pirt", "izin", "number", blocks=False)


def _halal(sheet: Sheet, rules: SellerSettings, today: date) -> Iterator[Gap]:
    if sheet.halal in ("none", "not_food"):
        yield Gap("no_halal", "isi", "halal", blocks=rules.halal_blocks)
    numbered = any(permit.kind == "halal" and permit.counts(today) for permit in sheet.permits)
    if sheet.halal == "certified" and not numbered:
        yield Gap("no_halal_number", "izin", "number", blocks=rules.halal_blocks)


def _label(sheet: Sheet) -> Iterator[Gap]:
    if not sheet.texts.get("ingredients", "").strip():
        yield Gap("no_ingredients", "isi", "ingredients", blocks=False)
    if sheet.shelf_life_days is None:
        yield Gap("no_shelf_life", "isi", "shelf_life_days", blocks=False)
    if sheet.has_variant and not sheet.has_net_weight:
        yield Gap("no_net_weight", "varian", "net_weight_grams", blocks=False)


def _photos(sheet: Sheet) -> Iterator[Gap]:
    if sheet.photos_refused:
        yield Gap("photo_refused", "foto", "photo", blocks=False)
    elif not sheet.photos:
        yield Gap("no_photo", "foto", "photo", blocks=False)

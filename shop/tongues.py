"""A product's texts in other languages, and who translated what."""

from dataclasses import dataclass

from sellers.forms import LANGUAGES
from shop.makers import paragraphs
from shop.product import Product


@dataclass(frozen=True, slots=True)
class Tongue:
    """A product's text in another language; English, which stands on its own page, has no text."""

    label: str
    code: str
    name: str
    paragraphs: list[str]
    by: str


def of(product: Product) -> list[Tongue]:
    """Its texts in languages that are no language of the screens, and who translated what."""
    row = product.row
    makers = {one["language"]: one["call_me"] for one in reversed(row.credits)}
    told_in: dict[str, dict[str, str]] = {"en": {}} if "en" in makers else {}
    return [
        Tongue(
            str(LANGUAGES.get(code, code)),
            code.replace("zh_hant", "zh-Hant"),
            texts.get("name", ""),
            paragraphs(texts.get("description", "")),
            makers.get(code, ""),
        )
        for code, texts in (told_in | row.translations).items()
    ]

"""What the law says about tax at the source, kept as settings: it moves, and is off by default."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from core.config import ConfigError, setting


@dataclass(frozen=True)
class TaxSettings:
    """PPh 22 (PMK 37/2025): only an appointed marketplace withholds it, from a day on."""

    pph22_from: str = setting(
        "LUMBUNG_PPH22_FROM",
        "First day on which PPh 22 is withheld at settlement (2027-01-01); empty is never",
        "",
        law=_l("Hari pertama PPh 22 dipotong saat hitungan (kosong: tidak dipotong)"),
    )
    pph22_until: str = setting(
        "LUMBUNG_PPH22_UNTIL",
        "Last day on which PPh 22 is withheld; empty is no end",
        "",
        law=_l("Hari terakhir PPh 22 dipotong (kosong: belum ada akhirnya)"),
    )
    pph22_bp: int = setting(
        "LUMBUNG_PPH22_BP",
        "PPh 22 in basis points of what buyers paid for her goods",
        50,
        law=_l("PPh 22 per sepuluh ribu dari harga barang (PMK 37/2025)"),
    )
    tax_free_rupiah: int = setting(
        "LUMBUNG_TAX_FREE_RUPIAH",
        "Turnover of a person in a calendar year up to which her statement frees her from PPh 22",
        500_000_000,
        law=_l("Omzet setahun yang bebas PPh 22 dengan surat pernyataan, rupiah"),
    )
    turnover_warn_percent: int = setting(
        "LUMBUNG_TURNOVER_WARN_PERCENT",
        "Percent of that turnover at which she and her coordinators are told",
        80,
        law=_l("Persen dari batas omzet saat anggota dan koordinator diberi tahu"),
    )

    def __post_init__(self) -> None:
        for name, written in (("FROM", self.pph22_from), ("UNTIL", self.pph22_until)):
            try:
                date.fromisoformat(written or "2026-01-01")
            except ValueError:
                raise ConfigError(f"LUMBUNG_PPH22_{name} is no day like 2027-01-01") from None

    def is_on(self, day: date) -> bool:
        """Whether tax is withheld from what is settled on this day."""
        if not self.pph22_from or day < date.fromisoformat(self.pph22_from):
            return False
        return not self.pph22_until or day <= date.fromisoformat(self.pph22_until)

    @property
    def warn_rupiah(self) -> int:
        """The turnover of a year from which on she is told."""
        return self.tax_free_rupiah * self.turnover_warn_percent // 100

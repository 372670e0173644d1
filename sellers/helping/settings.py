"""Settings of helping hands."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class HelpSettings:
    """How long an agreement may last, and how long what was done can be taken back."""

    days_max: int = setting(
        "LUMBUNG_MANDATE_DAYS_MAX", "Days for which a helper may be agreed to at most", 365
    )
    undo_days: int = setting(
        "LUMBUNG_HELP_UNDO_DAYS", "Days in which the owner can take back what a helper did", 14
    )
    consent_bytes_max: int = setting(
        "LUMBUNG_CONSENT_BYTES_MAX", "Bytes of a spoken consent or the photo of a thumb print",
        2 * 1024 * 1024,
    )  # fmt: skip

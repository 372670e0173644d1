"""Settings of what members share."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class MembershipSettings:
    """What membership reads from the environment."""

    cost_second_person_rupiah: int = setting(
        "LUMBUNG_COST_SECOND_PERSON_RUPIAH",
        "From this sum on a cost of a cooperative needs a second person",
        500_000,
    )
    advance_floor_rupiah: int = setting(
        "LUMBUNG_ADVANCE_FLOOR_RUPIAH",
        "What stays hers of each settlement, whatever an advance takes, if nothing else is agreed",
        50_000,
    )

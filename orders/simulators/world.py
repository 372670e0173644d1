"""What every simulator is told when it is built: its place, the house, the faults."""

from dataclasses import dataclass, field

from orders.simulators.switches import Switches


@dataclass(frozen=True, slots=True)
class World:
    """`own_url` is where this simulator answers, `house_url` where notices go.

    `key` and `notice_secrets` are what the house knows, too: with them calls are let in and notices
    are signed. Time between repeated notices runs `speed` times as fast as in the papers.
    """

    own_url: str
    house_url: str
    key: str
    notice_secrets: tuple[str, ...] = ()
    switches: Switches = field(default_factory=Switches)
    speed: float = 100.0

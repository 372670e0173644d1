"""Who does something: every command takes an actor, and every trace names her."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a guest (no id), or the house itself; `on_behalf_of` names the one she helps."""

    person_id: int | None = None
    on_behalf_of: int | None = None
    is_system: bool = False


GUEST = Actor()
SYSTEM = Actor(is_system=True)

"""What stands beside the house in `make run` and is no part of it, such as a simulated gateway.

The Makefile, which is a roof, names the modules (`python -m core.run --beside MODULE`); each has a
function `companion` that says what to start and what the house must know of it.
"""

import importlib
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.supervisor import Child

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Companion:
    """A process of its own that listens on loopback, and settings that it brings to the house."""

    child: Child
    port: int
    env: Mapping[str, str] = field(default_factory=dict)

    def is_ready(self) -> bool:
        """Whether it listens."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True


def named(modules: Sequence[str], env: Mapping[str, str], port: int) -> list[Companion]:
    """The companions of these modules that want to start with such an environment."""
    found = [importlib.import_module(module).companion(env, port) for module in modules]
    return [companion for companion in found if companion is not None]


def free_port(wished: int) -> int:
    """The wished port of loopback if it is free, and else any other."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            taken: int = probe.getsockname()[1]
            return taken
    raise OSError("no port of loopback is free")

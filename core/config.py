"""Settings: read once from the environment, typed, and each one documented where it is declared.

Every floor declares one frozen dataclass whose fields are made by `setting`; `load` fills it.
`docs/configuration.md` lists them all, and a test holds the list against the declarations.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

from flask import Flask, current_app

T = TypeVar("T")

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


class ConfigError(Exception):
    """The environment does not make sense; the message names every wrong variable at once."""


def setting(env: str, doc: str, default: Any = MISSING, *, law: Any = "") -> Any:
    """Declare a setting: the variable it is read from, what it means, and its default.

    Without a default the variable must be set. `law` is the sentence under which operators see a
    rule of law or of promise on /kelola/aturan.
    """
    metadata = {"env": env, "doc": doc, "law": law}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Declared:
    """One declared setting, as the documentation shows it."""

    env: str
    doc: str
    type_name: str
    default: str


def declared(settings_class: type[Any]) -> list[Declared]:
    """Everything a settings class declares, in order."""
    hints = get_type_hints(settings_class)
    return [
        Declared(
            env=f.metadata["env"],
            doc=f.metadata["doc"],
            type_name=getattr(hints[f.name], "__name__", str(hints[f.name])),
            default="" if f.default is MISSING else _written(f.default),
        )
        for f in fields(settings_class)
    ]


def _written(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _parse(raw: str, kind: Any) -> Any:
    if kind is bool:
        if raw.lower() in TRUE_WORDS:
            return True
        if raw.lower() in FALSE_WORDS:
            return False
        raise ValueError("is neither yes nor no")
    if kind is int:
        return int(raw)
    if kind is float:
        return float(raw)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw


def load(settings_class: type[T], environ: Mapping[str, str]) -> T:
    """Read a settings class from the environment; raises ConfigError naming all that is wrong."""
    hints = get_type_hints(settings_class)
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for f in fields(settings_class):  # type: ignore[arg-type]
        env = f.metadata["env"]
        if env not in environ:
            if f.default is MISSING:
                wrong.append(f"{env} is not set: {f.metadata['doc']}")
            continue
        try:
            values[f.name] = _parse(environ[env], hints[f.name])
        except ValueError as error:
            wrong.append(f"{env} {error}: {f.metadata['doc']}")
    if wrong:
        raise ConfigError("; ".join(wrong))
    return settings_class(**values)


def register(app: Flask, settings_class: type[Any], environ: Mapping[str, str]) -> None:
    """Load a floor's settings into the app; each class is registered once."""
    known: dict[type[Any], Any] = app.extensions.setdefault("settings", {})
    if settings_class in known:
        raise AssertionError(f"{settings_class.__name__} is registered twice")
    known[settings_class] = load(settings_class, environ)


@dataclass(frozen=True)
class Rule:
    """A rule of law as this house applies it: its sentence, its value, and where it is set."""

    sentence: Any
    value: Any
    env: str


def rules() -> list[Rule]:
    """Every setting that carries out a law or a promise, floor by floor."""
    known: dict[type[Any], Any] = current_app.extensions["settings"]
    return [
        Rule(f.metadata["law"], getattr(loaded, f.name), f.metadata["env"])
        for loaded in known.values()
        for f in fields(loaded)
        if f.metadata["law"]
    ]


def remembered(name: str) -> dict[str, Any]:
    """A cache of this app for what never changes, so that nouns need not know Flask."""
    cache: dict[str, Any] = current_app.extensions.setdefault(name, {})
    return cache


def is_off_in_test(name: str) -> bool:
    """Whether a test has switched something off; in a house that is no test this is our bug."""
    is_off = bool(current_app.config.get(name, False))
    assert current_app.testing or not is_off, f"{name} is for tests only"
    return is_off


def settings(settings_class: type[T], app: Flask | None = None) -> T:
    """The loaded settings of one floor."""
    found: T = (app or current_app).extensions["settings"][settings_class]
    return found

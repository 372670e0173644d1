"""Pages that run WebAssembly of ours: only they may, by their own Content-Security-Policy."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from core.assets import Assets

V = TypeVar("V", bound=Callable[..., Any])

ALLOWED = "; script-src 'self' 'wasm-unsafe-eval'"


def runs_wasm(view: V) -> V:
    """This page may compile WebAssembly; scripts still come from us alone."""
    view.runs_wasm = True  # type: ignore[attr-defined]
    return view


def reader_files() -> dict[str, str]:
    """Where the reader of labels is, for phones whose browser reads none."""
    assets: Assets = current_app.extensions["assets"]
    return {
        "reader": assets.url("vendor/zxing/reader.js"),
        "wasm": assets.url("vendor/zxing/zxing_reader.wasm"),
    }


def policy_of(view: Callable[..., Any] | None, policy: str) -> str:
    """The policy of a page: the house's, or that with WebAssembly."""
    return policy + ALLOWED if hasattr(view, "runs_wasm") else policy

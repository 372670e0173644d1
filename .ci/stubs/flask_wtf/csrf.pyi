from typing import Any

from flask import Flask

class CSRFError(Exception):
    code: int
    description: str

class CSRFProtect:
    def init_app(self, app: Flask) -> None: ...
    def protect(self) -> None: ...
    def exempt(self, view: Any) -> Any: ...

def generate_csrf(secret_key: str | None = ..., token_key: str | None = ...) -> str: ...

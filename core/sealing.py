"""Secrets at rest: sealed with a key made of SECRET_KEY, so a copy of the database shows nothing.

After SECRET_KEY has changed, what was sealed before cannot be opened: `unseal` says None and the
person is asked again.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.config import settings
from core.settings import CoreSettings


def seal(text: str, *, purpose: str) -> bytes:
    """The text, closed; another purpose has another key."""
    return _box(purpose).encrypt(text.encode())


def unseal(sealed: bytes, *, purpose: str) -> str | None:
    """The text again; None where it was erased, spoilt, or sealed with another key."""
    try:
        return _box(purpose).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"lumbung:{purpose}".encode())
    secret = settings(CoreSettings).secret_key
    return Fernet(urlsafe_b64encode(made.derive(secret.encode())))

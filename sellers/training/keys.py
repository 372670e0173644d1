"""The signing keys of training providers: derived from a secret of the environment, never stored.

Each provider has one Ed25519 key, named by its `did:key`, which carries the public key itself: what
was signed once can be checked for ever. When the secret changes, older ones stay in a second
setting, because the status lists of what they signed must go on being signed by the same key.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask_babel import lazy_gettext as _
from openbadgeslib.ob3.did import did_key_from_pem

from core.config import settings
from core.errors import DomainError
from core.settings import CoreSettings
from sellers.training.settings import TrainingSettings

LABEL = b"lumbung credentials "
SEED_BYTES = 32


class KeyLost(DomainError):
    """No secret makes the key any more that signed before; the operator brings it back."""

    status = 503
    sentence = _("Tanda tangan sertifikat sedang kami perbaiki. Coba lagi besok.")


def current(provider_id: int) -> Ed25519PrivateKey:
    """The key with which a provider signs what it issues now."""
    return _derived(_secrets()[0], provider_id)


def of_issuer(provider_id: int, issuer: str) -> Ed25519PrivateKey:
    """The key behind a `did:key` this provider had; raises KeyLost if its secret is."""
    for secret in _secrets():
        key = _derived(secret, provider_id)
        if did(key) == issuer:
            return key
    raise KeyLost


def did(key: Ed25519PrivateKey) -> str:
    """The name of a key: `did:key:z6Mk…`."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    name: str = did_key_from_pem(public)
    return name


def pem(key: Ed25519PrivateKey) -> bytes:
    """The key as the signing library takes it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _secrets() -> list[str]:
    """The secret in force, then older ones."""
    training = settings(TrainingSettings)
    first = training.credential_secret or settings(CoreSettings).secret_key
    older = training.credential_secrets_before.split()
    return [first, *older]


def _derived(secret: str, provider_id: int) -> Ed25519PrivateKey:
    info = LABEL + str(provider_id).encode()
    seed = HKDF(hashes.SHA256(), SEED_BYTES, salt=None, info=info).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)

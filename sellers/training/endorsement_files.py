"""Endorsements inside the file of a certificate, each signed by the key of who gives it.

An `endorsementJwt` of Open Badges 3.0 is a credential of its own about the other one. It travels as
signed text: as a document it would describe the certificate once more inside itself, which careful
readers refuse. It lasts half a year and not for ever, so that one that was taken back goes out of
files that were taken along before; taking it along again brings those that stand.
"""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, timedelta
from typing import Any

from openbadgeslib.ob3.credential import OB3_CONTEXT, Issuer
from openbadgeslib.ob3.ldp import OB3LdpSigner

from core import clock
from core.config import settings
from core.settings import CoreSettings
from sellers.training import keys
from sellers.training.endorsements import Shown

LASTS = timedelta(days=180)


def signed(shown: Shown, *, about: str) -> str:
    """One endorsement of the credential with this id, by its organisation's key in force."""
    key = keys.current(shown.organisation_id)
    header = {"alg": "EdDSA", "typ": "JWT", "kid": OB3LdpSigner(keys.pem(key)).verification_method}
    told = f"{_part(header)}.{_part(_claims(shown, about, keys.did(key)))}"
    return f"{told}.{_text(key.sign(told.encode()))}"


def _claims(shown: Shown, about: str, signer: str) -> dict[str, Any]:
    """The endorsement, with the claims by which readers of JWT find the same again."""
    by = Issuer(id=signer, name=shown.organisation, url=settings(CoreSettings).public_url)
    itself = f"{about}#dukungan-{shown.id}"
    since, until = (at.astimezone(UTC) for at in (shown.given_at, clock.now() + LASTS))
    return {
        "@context": OB3_CONTEXT[:2],
        "id": itself,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": shown.organisation,
        "issuer": by.to_dict(),
        "validFrom": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "validUntil": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": shown.words,
        },
        "iss": signer,
        "sub": about,
        "jti": itself,
        "nbf": int(since.timestamp()),
        "exp": int(until.timestamp()),
    }


def _part(content: dict[str, Any]) -> str:
    return _text(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()

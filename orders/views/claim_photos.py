"""The private photos of a claim, for a view that has checked whose claim it is."""

from uuid import UUID

from flask import Response

from core import files
from core.db import db
from core.errors import NotFound
from core.files import Attachment
from orders import claims
from orders.models import Claim


def listed(claim: Claim) -> list[Attachment]:
    """Its photos, oldest first."""
    return files.list_of(db.session(), claims.doc_of(claim.id))


def sent(claim: Claim, file_id: UUID) -> Response:
    """One of them as an answer that nobody in between keeps; raises NotFound."""
    for photo in listed(claim):
        if photo.id == file_id:
            headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
            return Response(files.read(photo), content_type=photo.content_type, headers=headers)
    raise NotFound

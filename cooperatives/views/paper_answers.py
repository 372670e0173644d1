"""Papers as answers: a PDF that opens beside the page."""

from flask import Response, make_response


def pdf(content: bytes, name: str) -> Response:
    """The file, shown and not downloaded."""
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response

"""How long a gateway may take, and how much it may say, whichever SDK asks it."""

import time

import requests

SECONDS_MAX = 5.0
ANSWER_BYTES_MAX = 512 * 1024


def whole(answer: requests.Response, ends: float) -> bytes:
    """The body of a streamed answer, if it comes in time and is not too large.

    `ends` is a moment of time.monotonic(). A body that drips would outlast any read timeout.
    """
    body = b""
    while part := answer.raw.read1(64 * 1024, decode_content=True):
        body += part
        if len(body) > ANSWER_BYTES_MAX or time.monotonic() > ends:
            raise requests.Timeout("an answer without end")
        connection = answer.raw.connection
        if connection is not None and connection.sock is not None:
            connection.sock.settimeout(max(ends - time.monotonic(), 0.01))
    return body

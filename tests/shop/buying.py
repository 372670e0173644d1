"""What a buyer's browser does at basket and checkout, for tests of several pages."""

import re
import uuid
from html import unescape

from tests.factories import token_in

TYPED = {
    "way": "ship",
    "name": "Slamet",
    "phone": "0812 3456 7890",
    "street": "Dusun Krajan nomor 7",
    "rt_rw": "RT 2 RW 3",
    "village": "Pedurungan Kidul",
    "district": "Kel. Pedurungan, Semarang",
    "postcode": "",
    "landmark": "pagar hijau",
    "note": "",
}


def post(client, url, page="/masuk", **data):
    """Send a form with a real token."""
    return client.post(url, data={"csrf_token": token_in(client.get(page)), **data})


def fill(client, *wishes):
    """Put (variant, units) into the basket."""
    for variant, units in wishes:
        page = client.get("/masuk")
        sent = {"csrf_token": token_in(page), "variant": variant.id, "quantity": units}
        assert client.post("/keranjang/tambah", data=sent).status_code == 303


def hidden(page):
    """The inputs of a page that a browser would send: hidden ones, and chosen radio buttons."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", page.text):
        at = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        is_sent = at.get("type") == "hidden" or (at.get("type") == "radio" and "checked" in tag)
        if is_sent and "name" in at:
            found[at["name"]] = at.get("value", "")
    return found


def typed(*wishes, **changes):
    """The first step as filled in by hand."""
    goods = {f"goods-{variant.id}": str(units) for variant, units in wishes}
    return {"act_id": str(uuid.uuid4()), **goods, **TYPED, **changes}


def check(client, *wishes, **changes):
    """Send the first step; the second is what comes back."""
    return post(client, "/beli", go="check", **typed(*wishes, **changes))


def press(client, page, **changes):
    """Press Pesan sekarang on the second step."""
    return client.post("/beli", data={**hidden(page), "go": "order", **changes})

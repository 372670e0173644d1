"""What the first answer of a page weighs on the wire: head and compressed HTML."""

import http.client

BYTES_MAX = 14_600  # Ten packets of 1,460 bytes: the first window of a fresh connection.


def first_response(port, path, cookie=""):
    """Bytes of status line, headers and body as a browser would get them, and the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept-Encoding": "br, gzip"} | ({"Cookie": cookie} if cookie else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
    return head + len(body), answer.status


def public_paths(app):
    """Every page without a blank in its address that anybody may open."""
    from core import web
    from core.access import PUBLIC

    for rule in app.url_map.iter_rules():
        is_page = "GET" in rule.methods and not rule.arguments and rule.endpoint != "static"
        if is_page and web.gate_of(app, rule.endpoint) is PUBLIC:
            yield rule.rule

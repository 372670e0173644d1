"""A buyer without scripts: opens pages, fills in forms, keeps cookies and one connection."""

import http.client
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


class Forms(HTMLParser):
    """The forms of a page: action, method and what they would send untouched."""

    def __init__(self, html):
        super().__init__()
        self.forms, self._open, self._select, self._area = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._open = {"action": given.get("action"), "fields": {}, "buttons": []}
            self._open["method"] = given.get("method", "get").upper()
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._control(tag, given)
        elif tag == "option" and self._select:
            fields = self._open["fields"]
            if "selected" in given or self._select not in fields:  # A browser sends the first one.
                fields[self._select] = given.get("value", "")

    def _control(self, tag, given):
        kind, fields = given.get("type", "text"), self._open["fields"]
        if tag == "button" or kind == "submit":
            self._open["buttons"].append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "textarea":
            self._area = given["name"]
            fields[self._area] = ""
        elif kind not in ("radio", "checkbox") or "checked" in given:
            fields[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self._area:
            self._open["fields"][self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


class Visitor:
    """One buyer's tab."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies, self.path, self.html, self.status = {}, "/", "", 0

    def get(self, path):
        """Open a page; redirects are followed."""
        return self.ask("GET", path)

    def send(self, having, button=None, **values):
        """Send the first form that has these fields (or this address), with values put in."""
        found = next(form for form in Forms(self.html).forms if _fits(form, having))
        fields = found["fields"] | values | (dict([button]) if button else {})
        path = found["action"] or self.path
        if found["method"] == "GET":
            return self.ask("GET", f"{path}?{urlencode(fields)}")
        return self.ask("POST", path, urlencode(fields))

    def ask(self, method, path, body=None):
        """Send a request with what the tab remembers; redirects are followed."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        self.html, self.status, self.path = answer.read().decode(), answer.status, path
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if self.status in (302, 303):
            target = urlsplit(answer.getheader("Location"))
            return self.ask("GET", target.path + (f"?{target.query}" if target.query else ""))
        return self


def _fits(form, having):
    return having in form["fields"] or having == form["action"]

"""Turns our own pages into the floor's templates: what differs becomes an expression again."""

import re

LETTERS = ("key_base", "alt", "slug", "sku", "name", "description", "story", "store_name", "shelf")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def expressed(html, row, letter="r"):
    """This HTML with the row's values and form tokens as expressions and the rest as it is."""
    places = [(str(getattr(row, name)), f"{letter}.{name}") for name in LETTERS if _has(row, name)]
    places.append((rupiah(row.price), f"{letter}.price | rupiah"))
    places += [(token, "csrf_token()") for token in set(TOKEN.findall(html))]
    places = sorted(places, key=lambda pair: -len(pair[0]))
    pattern = re.compile("|".join(re.escape(value) for value, _ in places))
    known = dict(places)
    parts, end = [], 0
    for found in pattern.finditer(html):
        parts += [_raw(html[end : found.start()]), "{{ ", known[found.group()], " }}"]
        end = found.end()
    return "".join([*parts, _raw(html[end:])])


def listed(html, row):
    """A page of cards: the third card of ours (the first ones are not lazy), once a row."""
    start = html.index('<ul class="grid">') + len('<ul class="grid">')
    end = html.index("</ul>", start)
    cards = re.findall(r"<li class=\"card.*?</li>", html[start:end], re.DOTALL)
    card = next(card for card in cards[2:] if row.slug in card)
    loop = "{% for r in rows %}" + expressed(card, row) + "{% endfor %}"
    return _raw(html[:start]) + loop + _raw(html[end:])


def rupiah(amount):
    """An amount as our screens write it."""
    return f"Rp\u00a0{amount:,}".replace(",", ".")


def _has(row, name):
    return getattr(row, name, None)


def _raw(text):
    return "{% raw %}" + text + "{% endraw %}" if text else ""

"""Builders that say only what matters to a test."""

from core import access, orgs, signin
from core.actors import SYSTEM, Actor
from core.db import db

PIN = "274951"


def a_person(name="Sumirah", *, phone=None, pin=None):
    return signin.register(
        actor=SYSTEM,
        name=name,
        call_me=f"Bu {name}",
        phone=phone or "+6281234567890",
        pin=pin or PIN,
    )


def an_actor(name="Sumirah", **more):
    return Actor(a_person(name, **more).id)


def an_organisation(slug="sendang", kind="cooperative"):
    found = orgs.Organisation(slug=slug, name=slug.title(), short_name=slug.title(), kind=kind)
    db.session.add(found)
    db.session.commit()
    return found


def give(actor, right, subject_id):
    return access.give(actor=SYSTEM, person_id=actor.person_id, right=right, subject_id=subject_id)


def sign_in(client, phone="0812-3456-7890", pin=PIN):
    """Sign in through the real form."""
    page = client.get("/masuk")
    return client.post("/masuk", data={"csrf_token": token_in(page), "phone": phone, "pin": pin})


def token_in(page):
    """The CSRF token of the first form on a page."""
    import re

    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found.group(1)


def send(client, url, page=None, **data):
    """Fill in the form of a page, as somebody who has it open."""
    token = token_in(client.get(page or url))
    return client.post(url, data={"csrf_token": token, **data})

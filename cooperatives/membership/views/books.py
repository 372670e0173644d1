"""Whose books a page is about: one of the treasurer's own groups, chosen by its tab."""

from flask import request

from cooperatives import treasury
from core import visitor
from core.db import db
from core.errors import NotFound
from core.orgs import Organisation

GROUPS = ("cooperative", "joint_group")


def groups() -> list[Organisation]:
    """The cooperatives and joint groups whose books the visitor keeps."""
    return [one for one in treasury.houses(db.session(), visitor.actor()) if one.kind in GROUPS]


def group_asked() -> Organisation:
    """The group in the address, or her first one; raises NotFound."""
    asked = request.args.get("kelompok", type=int)
    for one in groups():
        if asked in (None, one.id):
            return one
    raise NotFound

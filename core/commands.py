"""Commands of the house for the shell: prepare, worker, doctor, operator."""

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from core import access, assets, clock, doctor, examinations, jobs, orgs, signin
from core.actors import SYSTEM
from core.config import settings
from core.db import db
from core.people import Person
from core.phones import parse_mobile
from core.rights import OPERATE
from core.settings import CoreSettings


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Do the jobs until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.run_worker(app, settings(CoreSettings).database_url)


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Pack static files, bring the schema up to date, take the first steps floors have added."""
    assets.pack(Path(current_app.root_path) / "static")
    upgrade()
    for step in current_app.extensions.get("prepare", []):
        step()


@click.command("doctor")
@click.option("--only", help="Run one invariant by its id.")
@click.option("--full", is_flag=True, help="Look at everything, not only at what is new.")
@with_appcontext
def doctor_command(only: str | None, full: bool) -> None:
    """Check everything that must always be true; exit 1 if something is not.

    Where the last examination found nothing, what was written before is not looked at again.
    """
    with doctor.snapshot() as db:
        xid = examinations.present(db)
        mark = None if full or only else examinations.healthy_until(db)
        known = current_app.extensions["doctor"]
        findings = doctor.examine_on(db, known, only, mark=mark)
    for finding in findings:
        click.echo(f"{finding.invariant.id} BROKEN: {finding.invariant.promise}")
        for row in finding.rows:
            click.echo(f"    {row}")
    asked = 1 if only else len(known)
    over = f"what is new since {mark.at:%Y-%m-%d %H:%M} UTC" if mark else "everything"
    click.echo(f"{asked - len(findings)} of {asked} promises hold, over {over}")
    if not only:
        examinations.note(actor=SYSTEM, xid=xid, is_full=mark is None, findings=len(findings))
    if findings:
        sys.exit(1)


@click.command("operator")
@click.option("--name", required=True, help="Full name.")
@click.option("--phone", required=True, help="Mobile number, in any spelling.")
@click.password_option("--pin", prompt="PIN, 6 digits", help="Asked for when left out.")
@with_appcontext
def operator_command(name: str, phone: str, pin: str) -> None:
    """Make the first operator; later ones are made on /kelola by two people."""
    person = first_operator(name=name, phone=parse_mobile(phone), pin=pin)
    click.echo(f"operator {person.id} may sign in at /masuk")


def first_operator(*, name: str, phone: str, pin: str) -> Person:
    """Register a person and let her operate the house; refuses if somebody already does."""
    house = orgs.operator(db.session())
    taken = select(access.Grant.id).where(
        access.Grant.right_name == OPERATE.name, access.is_live(clock.now())
    )
    if db.session().scalar(taken.limit(1)) is not None:
        raise click.ClickException("there is an operator already; add others on /kelola")
    person = signin.register(actor=SYSTEM, name=name, call_me=name.split()[0], phone=phone, pin=pin)
    access.give(
        actor=SYSTEM, person_id=person.id, right=OPERATE, subject_id=house.id, evidence="first"
    )
    return person


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (worker_command, prepare_command, doctor_command, operator_command):
        app.cli.add_command(command)

"""Backups for the shell; `make backup`, `make restore` and `make open` lead here."""

import time
from datetime import datetime

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import upgrade

from core import pause
from core.actors import SYSTEM
from core.backup import drill, opening, runs
from core.config import settings
from core.db import db
from core.pgbin import PostgresError
from core.settings import CoreSettings

# Whatever number the lost time has given out stays used: gateways, banks and paper know it.
NUMBERS_AHEAD = 10_000
JUMP = """
select setval(format('%%I.%%I', schemaname, sequencename),
 coalesce(last_value, start_value) + %s) from pg_sequences where schemaname = 'public'
"""


@click.command("backup")
@with_appcontext
def backup_command() -> None:
    """Back everything up now: the server's data, a dump, the photos."""
    failed = 0
    for kind in runs.kinds_here():
        try:
            kept = runs.back_up(kind, actor=SYSTEM)
        except PostgresError as why:
            click.echo(f"{kind}: {why}", err=True)
            failed += 1
        else:
            size = kept.bytes / 1_000_000
            click.echo(f"{kind}: {kept.folder} ({len(kept.facts['files'])} files, {size:.1f} MB)")
    if failed:
        raise click.exceptions.Exit(1)


@click.command("drill")
@with_appcontext
def drill_command() -> None:
    """Restore a copy to a random second now, and examine it; exit 1 if something is wrong."""
    wrong = drill.run(actor=SYSTEM)
    for sentence in wrong:
        click.echo(sentence)
    click.echo("something is wrong" if wrong else "all comes back")
    if wrong:
        raise click.exceptions.Exit(1)


@click.command("settle")
@click.option("--source", type=click.Choice(["log", "dump"]), required=True)
@click.option("--to", required=True, help="The second the data stand at, with its zone.")
@with_appcontext
def settle_command(source: str, to: str) -> None:
    """Make a freshly restored database ours: schema, pause, numbers. `make restore` runs it."""
    upgrade()
    pause.begin(
        actor=SYSTEM,
        why=f"restored from the {source}",
        facts={"source": source, "to": datetime.fromisoformat(to).isoformat()},
    )
    with db.engine.begin() as connection:
        connection.exec_driver_sql(JUMP, (NUMBERS_AHEAD,))
        # What was copied before is another history; the next base backup is due at once.
        connection.exec_driver_sql("delete from backup_run where kind = 'base'")


@click.command("pause")
@click.option("--why", required=True, help="A few words for the page of operators.")
@with_appcontext
def pause_command(why: str) -> None:
    """Let people look and nobody change anything, as after a restore by other means."""
    pause.begin(actor=SYSTEM, why=why[:200], facts={})
    time.sleep(settings(CoreSettings).guest_seconds)  # Until every web server has heard of it.
    click.echo("paused; `flask open` opens the house again")


@click.command("open")
@click.option("--despite", default="", help="Open all the same, for this reason.")
@with_appcontext
def open_command(despite: str) -> None:
    """Catch up with what the lost time has done elsewhere, hear the doctor, and open the house."""
    if pause.find(db.session()) is None:
        click.echo("the house is open")
        return
    wrong = opening.open_house(actor=SYSTEM, despite=despite)
    for sentence in wrong:
        click.echo(sentence)
    if wrong and not despite:
        click.echo('The house stays closed. Mend this, or: flask open --despite "…"')
        raise click.exceptions.Exit(1)
    click.echo("the house is open")


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (backup_command, drill_command, settle_command, pause_command, open_command):
        app.cli.add_command(command)

"""Backups for the shell; `make backup`, `make restore` and `make open` lead here."""

import click
from flask import Flask
from flask.cli import with_appcontext

from core.actors import SYSTEM
from core.backup import runs
from core.pgbin import PostgresError


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


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (backup_command,):
        app.cli.add_command(command)

"""Shell commands of the shop floor: the demo world."""

import click
from flask import Flask
from flask.cli import with_appcontext

from core.config import settings
from core.db import reading
from core.settings import CoreSettings
from shop.demo import people, statement, world


@click.command("demo")
@with_appcontext
def demo_command() -> None:
    """Load the fictional demo world into an empty database; safe to run twice."""
    click.echo("loaded" if world.load() else "somebody lives here already: nothing was changed")


def prepare() -> None:
    """First steps of `flask prepare`: the demo world and how to sign in to it."""
    if not settings(CoreSettings).demo:
        return
    world.load()
    click.echo("fictional demo sign-ins (all people and numbers are invented):")
    for line in people.sign_ins():
        click.echo(line)


@click.command("demo-statement")
@with_appcontext
def statement_command() -> None:
    """Print a fictional bank statement for the transfers that wait now, to try /kas/mutasi."""
    with reading() as connection:
        click.echo(statement.written(connection), nl=False)


def init_app(app: Flask) -> None:
    """Add the commands to `flask` and the step to `prepare`."""
    app.cli.add_command(demo_command)
    app.cli.add_command(statement_command)
    app.extensions.setdefault("prepare", []).append(prepare)

"""The demo statement is one that the house itself can read and match."""

import pytest

from core.db import db
from orders import matching, statement_matching, statements
from orders.matching import Fit
from shop.demo import statement
from tests.orders.bank_factories import lines_of
from tests.orders.factories import a_market, order, rules

pytestmark = pytest.mark.service


def test_every_line_of_it_is_told_apart(app):
    market = a_market()
    rules()
    first, last = order((market.tiwul, 1)), order((market.batik, 1))
    runner = app.test_cli_runner()
    content = runner.invoke(args=["demo-statement"]).output.encode()
    sheet = statements.read(content)
    assert (sheet.layout.code, len(sheet.flaws), len(sheet.asides)) == ("bca", 1, 1)
    statements.keep(actor=market.treasurers[0], content=content, sheet=sheet)
    lines = lines_of()
    found = statement_matching.proposals(db.session(), lines)
    told = [(found[line.id].fit, found[line.id].target) for line in lines if line.amount > 0]
    assert [fit for fit, _target in told] == [Fit.EXACT, Fit.SHORT, Fit.UNKNOWN]
    assert [target.number for _fit, target in told[:2]] == [first.number, last.number]
    assert lines[-1].amount == -6_500
    assert set(matching.SURE) == {Fit.EXACT, Fit.KNOWN}


def test_without_transfers_there_is_still_a_statement(app):
    rows = statements.read(statement.written(db.session()).encode()).rows
    assert [row.values["amount"] for row in rows] == [12_345, -6_500]

"""Every kind of document that goods or money are written under has a name in the registry."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]
FLOORS = ("cooperatives", "orders", "sellers", "shop")
BOOKS = {"post", "post_folios", "moved", "gateway_fee"}
"""Functions that write journals under the document they are given."""
SAID_ELSEWHERE = {"orders/taken_back.py": {"dispute", "dispute_won"}}
"""Kinds that a function gets as a word; here so that they are looked for all the same."""


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def word(node, module):
    """The words a node may be: as it stands, or by a name of its module."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return word(node.body, module) | word(node.orelse, module)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return said(getattr(getattr(module, node.value.id, None), node.attr, None))
    return said(getattr(module, node.id, None)) if isinstance(node, ast.Name) else set()


def said(value):
    return {value} if isinstance(value, str) else set()


def kinds(node, module):
    """The kinds of document that an expression may name."""
    if isinstance(node, ast.IfExp):
        return kinds(node.body, module) | kinds(node.orelse, module)
    if isinstance(node, ast.Call) and called(node) == "Doc" and node.args:
        return word(node.args[0], module)
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        return word(node.elts[0], module)
    if isinstance(node, ast.Call) and called(node) == "doc_of":
        return told_by(node.func, module)
    return set()


def told_by(name, module):
    """The kinds that a function of the house answers with."""
    home = getattr(module, name.value.id) if isinstance(name, ast.Attribute) else module
    function = ast.parse(inspect.getsource(home.doc_of))
    answers = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return set().union(*(kinds(answer, home) for answer in answers))


def assigned(tree, name):
    """All that a name is ever given, also beside others."""
    for node in ast.walk(tree):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (value for one, value in pairs if getattr(one, "id", "") == name)


def written_in(path):
    """The kinds of document under which a file writes movements or journals."""
    module = importlib.import_module(".".join(path.relative_to(HOUSE).with_suffix("").parts))
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if called(call) == "Doc"]
    found = set().union(*(kinds(call, module) for call in made))
    if any(called(call) in BOOKS for call in calls):
        given = [one.value for call in calls if called(call) in BOOKS for one in call.keywords
                 if one.arg == "doc"]  # fmt: skip
        for node in [*given, *assigned(tree, "doc")]:
            found |= kinds(node, module)
    return found | SAID_ELSEWHERE.get(str(path.relative_to(HOUSE)), set())


@pytest.fixture(scope="module")
def written():
    files = [path for floor in FLOORS for path in (HOUSE / floor).rglob("*.py")]
    return {path: written_in(path) for path in files}


def test_every_kind_of_document_that_is_written_has_a_name(house, written):
    known = house.extensions["documents"].keys()
    unknown = {str(path): found - known for path, found in written.items() if found - known}
    assert not unknown, f"say in paper_links.py or money_papers.py how these are called: {unknown}"


def test_the_registry_names_nothing_that_nobody_writes(house, written):
    assert house.extensions["documents"].keys() - set().union(*written.values()) == set()

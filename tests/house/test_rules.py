"""Rules of the house that a reader would otherwise have to remember."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from core import acts, config, jobs, web
from core.access import MACHINE, RIGHTS
from core.db import Base

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "sellers", "cooperatives", "orders", "shop")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))] + [
    ROOT / "app.py"
]
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_fits_in_one_head(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES_MAX


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_fits_on_one_screen(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_core_db_commits(path):
    if name(path) != "core/db.py":
        assert not re.search(r"\.commit\(\)", path.read_text())


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_flask_and_wtforms_stay_at_the_edge(path):
    parts = path.relative_to(ROOT).parts
    at_the_edge = (
        parts[0] in ("core", "app.py")
        or "views" in parts
        or "simulators" in parts  # Small web applications of their own.
        or parts[-1] in ("forms.py", "floor.py", "commands.py")
    )
    if not at_the_edge:
        source = path.read_text()
        assert not re.search(r"^(from|import) (flask|wtforms|flask_wtf)\b", source, re.MULTILINE)


def test_every_view_declares_its_gate(house):
    for endpoint in house.view_functions:
        web.gate_of(house, endpoint)


def test_only_machines_are_let_in_without_a_token(house):
    machines = [e for e in house.view_functions if web.gate_of(house, e) is MACHINE]
    assert all("webhook" in endpoint for endpoint in machines)


def test_every_setting_is_documented(house):
    written = (ROOT / "docs" / "configuration.md").read_text()
    for settings_class in house.extensions["settings"]:
        for declared in config.declared(settings_class):
            assert f"| `{declared.env}` |" in written, declared.env
            assert declared.doc in written, declared.env


def test_every_settings_field_is_declared(house):
    for settings_class in house.extensions["settings"]:
        assert all("env" in field.metadata for field in fields(settings_class))


def test_every_model_is_in_the_glossary(house):
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    for mapper in Base.registry.mappers:
        assert f"`{mapper.class_.__name__}`" in glossary, mapper.class_.__name__


def test_every_job_is_in_the_docs(house):
    written = (ROOT / "docs" / "operations.md").read_text()
    for work in (w for w in jobs.JOBS if not w.startswith("test.")):
        assert f"`{work}`" in written, work


def test_every_act_from_phones_is_in_the_docs(house):
    written = (ROOT / "docs" / "operations.md").read_text()
    for kind in (k for k in acts.HANDLERS if not k.startswith("test.")):
        assert f"`{kind}`" in written, kind


def test_every_right_is_in_the_glossary(house):
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    for right in RIGHTS:
        assert f"`{right}`" in glossary, right


def test_foreign_keys_point_down(house):
    floor = {}
    for mapper in Base.registry.mappers:
        floor[mapper.local_table.name] = PACKAGES.index(mapper.class_.__module__.split(".")[0])
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            assert floor[key.column.table.name] <= floor[table.name], f"{table.name} → {key}"


def test_every_post_form_carries_a_token():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
            assert re.search(r"csrf|hidden_tag", form), f"{name(path)}: {form[:80]}"


def test_templates_carry_no_inline_style_or_script():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text()
        assert not re.search(
            r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*src=)(?![^>]*ld\+json)", source
        ), name(path)


def test_floors_link_upwards_only_by_the_registry(house):
    """A template or view names only endpoints of its own floor or below; the rest goes by nav."""
    blueprint_floor = {}
    for endpoint, view in house.view_functions.items():
        package = view.__module__.split(".")[0]
        blueprint_floor[endpoint] = PACKAGES.index(package) if package in PACKAGES else 0
    for package in PACKAGES:
        for path in sorted((ROOT / "templates" / package).rglob("*.html")):
            for endpoint in re.findall(r"url_for\(['\"]([\w.]+)['\"]", path.read_text()):
                assert blueprint_floor[endpoint] <= PACKAGES.index(package), (
                    f"{name(path)} → {endpoint}"
                )


def test_every_proof_that_is_named_is_there():
    said = (ROOT / "docs" / "proofs.md").read_text()
    files = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", said))
    sources = {file: ROOT / "tests" / file.removeprefix("tests/") for file in files}
    assert len(files) > 8
    assert [file for file, path in sources.items() if not path.exists()] == []
    code = "".join(path.read_text() for path in sources.values())
    assert [test for test in re.findall(r"`(test_\w+)`", said) if f"def {test}(" not in code] == []

# Lumbung: everything an engineer does every day. `make help` prints it.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
args ?=

.DEFAULT_GOAL := help
.PHONY: help run setup test bench check fix doctor backup restore open lock messages migration clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 18

run: .venv/run  ## the whole house on http://localhost:8000 (PORT=… changes it), with a demo world
	@exec $(BIN)/python -m core.run --beside orders.simulators.beside

setup: .venv/dev  ## everything that tests and checks need

test: .venv/dev  ## every test, on a real PostgreSQL that it starts by itself (args="-k …")
	$(BIN)/python -m pytest -n 2 --dist loadfile $(args)

bench: .venv/dev  ## what pages and orders cost, next to the least they could (args="--sizes 2000")
	$(BIN)/python -m tests.bench $(args)

check: .venv/dev  ## everything that is no test: format, lint, types, floors, templates, locks
	@.ci/check

fix: .venv/dev  ## format, and mend what can be mended by itself
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

doctor: .venv/run  ## check what must always be true, of what is new (full=yes: of everything)
	@$(BIN)/python -m core.run doctor $(if $(full),--full)

backup: .venv/run  ## back everything up now; the worker does it every night anyway
	@$(BIN)/python -m core.run backup

restore: .venv/run  ## back to a second (to="2026-11-26 13:45:10", in WIB), to the newest, or to a dump (dump=latest)
	@$(BIN)/python -m core.run restore $(if $(to),--to "$(to)") $(if $(dump),--dump "$(dump)")

open: .venv/run  ## open the house after a restore, once everything that must be true is
	@$(BIN)/python -m core.run open $(if $(despite),--despite "$(despite)")

lock: .venv/dev  ## write the hashed locks anew from pyproject.toml; they name no host
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra embedded pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev -c requirements.txt -o requirements-dev.txt

messages: .venv/dev  ## bring the English catalogue up to date with the screens
	@.ci/messages

migration: .venv/dev  ## a new migration from the models (m="what it does")
	$(BIN)/python -m core.run flask db revision --autogenerate -m "$(m)"

clean:  ## remove what can be made again; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The stamps hold a hash of the lock, so that nothing is installed twice and a changed lock is.
.venv/run: requirements.txt $(wildcard core/translations/*/LC_MESSAGES/*.po)
	@.ci/venv $(PYTHON) requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@.ci/venv $(PYTHON) requirements-dev.txt
	@touch $@

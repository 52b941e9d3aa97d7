# make demo    opens the desk on simulated accounts          make test    runs the tests
# make check   format, lint, types, import contracts, tests  make live    kills, faults, real servers
# make torture the long trials   make bench  the figures     make help    this list and the rest

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
SOURCES := src tests bench tools hatch_build.py
JOBS ?= 2

.PHONY: help demo run test check lint format live torture mutants bench wheel lock messages channels screenshots clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile
	@echo "make run     opens your own desk                         make format  puts the code in order"
	@echo "make wheel   builds the package in dist/                 make lock    renews the pinned requirements"
	@echo "make mutants  tries whether the tests bite (an hour)"
	@echo "make messages  collects the sentences to translate       make screenshots  draws the README's pictures"
	@echo "make channels  writes docs/channels.md"

demo: $(VENV)/.run
	@$(BIN)/socialdesk demo

run: $(VENV)/.run
	@$(BIN)/socialdesk

test: $(VENV)/.dev
	$(BIN)/pytest -n $(JOBS) -m "not live and not torture" --ignore=tests/torture

check: lint test

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/channels.py check

format: $(VENV)/.dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

live: $(VENV)/.dev
	$(BIN)/pytest -n $(JOBS) -m "not torture" tests/torture
	$(BIN)/pytest -m "live and not torture" -rs tests/live

torture: $(VENV)/.dev
	$(BIN)/pytest -m torture --timeout=3600 -s tests/torture tests/live

mutants: $(VENV)/.dev
	$(BIN)/python tools/mutants.py

bench: $(VENV)/.dev
	$(BIN)/python -m compileall -q src
	$(BIN)/python bench/run.py

wheel: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

messages: $(VENV)/.dev
	$(BIN)/python tools/messages.py extract

channels: $(VENV)/.dev
	$(BIN)/python tools/channels.py write

screenshots: $(VENV)/.dev
	$(BIN)/python tools/screenshots.py

# Packages come from whatever index this machine is set up for; only names, versions and hashes are written down.
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: $(VENV)/.dev
	$(BIN)/python -m pip --disable-pip-version-check install --quiet -r requirements/lock.in
	$(LOCK) pyproject.toml requirements/dev.in -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/run.txt

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# One stamp a set of packages: a repeated call costs nothing until what it depends on changes.
$(VENV)/bin/python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "socialdesk needs Python 3.11 or newer (Debian, Ubuntu: sudo apt install python3 python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "socialdesk needs Python's venv module (Debian, Ubuntu: sudo apt install python3-venv)" >&2; exit 1; }
	@echo "Setting up socialdesk, once..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml hatch_build.py $(wildcard src/socialdesk/locale/*/LC_MESSAGES/*.po) | $(VENV)/bin/python
	@test -e $(VENV)/.dev || $(PIP) -r requirements/run.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(PIP) -r requirements/dev.txt
	@touch $@

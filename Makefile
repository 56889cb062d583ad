# make run   the comparison of the article, on this machine
# make check what is quick to know of a change: lint, types, the fast tests
# make test  everything: lint, types, Python tests, Rust tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUST_PROJECTS := $(dir $(wildcard src/whichext/kernels/*/*/Cargo.toml))

.PHONY: run check test lint types fast-tests pytest cargo-test clean
run: $(VENV)/.installed
	@$(BIN)/whichext run find_max

check: lint types fast-tests

test: lint types pytest cargo-test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "whichext needs Python 3.11 or newer; got $$($(PYTHON) -V 2>&1). Next: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# What builds a project, races for real or takes its time is marked slow, and left out here.
fast-tests: $(VENV)/.installed-dev
	$(BIN)/pytest -q -m "not slow" -n 2

pytest: $(VENV)/.installed-dev
	$(BIN)/pytest

# The kernels know no Python, so their tests need no interpreter to link against.
cargo-test:
	@if command -v cargo >/dev/null; then \
	  for project in $(RUST_PROJECTS); do \
	    CARGO_TARGET_DIR=$(CURDIR)/target cargo test --quiet --locked --no-default-features --manifest-path $$project/Cargo.toml || exit 1; \
	  done; \
	else echo "cargo not found: the Rust tests did not run. Next: https://rustup.rs"; exit 1; fi

clean:
	rm -rf $(VENV) target

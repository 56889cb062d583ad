# make run   the comparison of the article, on this machine
# make check what is quick to know of a change: lint, types, the fast tests
# make test  everything: lint, types, the site, Python tests, Rust tests
# make docs  the site of the documentation, in build/docs
# make dist  the wheel and the source distribution, in dist
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A folder with nothing but uv, which the tests put on their path: see tests/conftest.py.
UV := $(VENV)/uv
RUST_PROJECTS := $(dir $(wildcard src/whichext/kernels/*/*/Cargo.toml))
CYTHON_SOURCES := $(wildcard $(foreach suffix,pyx pxd pxi,src/whichext/kernels/*/*/src/*/*.$(suffix)))
# One folder for all, outside of the projects.
RUN_CARGO := CARGO_TARGET_DIR=$(CURDIR)/target PYO3_PYTHON=$(abspath $(BIN))/python cargo

.PHONY: run check test lint python-lint cython-lint cargo-lint repository-lint types docs \
  fast-tests pytest cargo-test dist clean
run: $(VENV)/.installed
	@$(BIN)/whichext run find_max

check: lint types fast-tests

test: lint types docs pytest cargo-test

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
	@rm -rf $(UV) && mkdir $(UV)
	@if $(BIN)/uv pip install --quiet --dry-run --refresh --target $(UV) flit-core; \
	  then ln -s ../bin/uv $(UV)/uv; else echo "uv reaches no index: tests build with pip"; fi
	@touch $@

lint: python-lint cython-lint cargo-lint repository-lint

python-lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

# It starts pycodestyle by its name.
cython-lint: $(VENV)/.installed-dev
	@PATH="$(abspath $(BIN)):$$PATH" cython-lint $(CYTHON_SOURCES)

cargo-lint: $(BIN)/python
	@command -v cargo >/dev/null \
	  || { echo "cargo not found: Rust was not linted. Next: https://rustup.rs"; exit 1; }
	@for part in fmt clippy; do cargo $$part --version >/dev/null 2>&1 \
	  || { echo "cargo $$part not found: Rust was not linted. Next: rustup component add rustfmt clippy"; exit 1; }; done
	@for project in $(RUST_PROJECTS); do \
	  cargo fmt --check --manifest-path $$project/Cargo.toml \
	    && $(RUN_CARGO) clippy --quiet --locked --all-targets --manifest-path $$project/Cargo.toml -- -D warnings || exit 1; \
	done

# What no compiler and no test reads: workflows, the site's recipe, how to cite, the set-up as a whole.
SCHEMA := $(BIN)/check-jsonschema --builtin-schema
WORKFLOWS := $(wildcard .github/workflows/*.yml)
repository-lint: $(VENV)/.installed-dev
	$(BIN)/repo-review --show err .
	$(BIN)/zizmor --offline --quiet .
	$(SCHEMA) vendor.github-workflows $(WORKFLOWS)
	$(SCHEMA) vendor.github-actions action.yml
	$(SCHEMA) custom.github-workflows-require-timeout $(WORKFLOWS)
	$(SCHEMA) vendor.dependabot .github/dependabot.yml
	$(SCHEMA) vendor.readthedocs .readthedocs.yaml
	$(SCHEMA) vendor.citation-file-format CITATION.cff

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# Every warning is an error, also of a link or a reference that leads nowhere.
docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky --fresh-env --builder html docs build/docs

# What builds a project, races for real or takes its time is marked slow, and left out here.
# Each worker takes half of the folders and steals at the end: tests of one module share what they
# make, and those that collect garbage (tests/race) run before the heap of the others has grown.
fast-tests: $(VENV)/.installed-dev
	$(BIN)/pytest -q -m "not slow" -n 2 --dist worksteal

# Slow tests that do not time run side by side, in the order of tests/conftest.py; all others one
# after the other.
UNTIMED := $(addprefix tests/,build toolchains cli load report snapshots judge verify kernels \
  system \
  $(addprefix audit/test_,compilers.py compiling.py library.py python_in_loops.py) \
  race/limit \
  $(addprefix race/test_,faulty_in_the_race.py frames.py plan.py race_processes.py stops.py) \
  $(addprefix test_,compare.py docs.py faults.py hostile.py in_a_browser.py notebooks.py pages.py pipeline.py))
pytest: fast-tests
	@export PYTEST_BUILDS=$$(mktemp -d) && trap 'rm -rf "$$PYTEST_BUILDS"' EXIT \
	  && $(BIN)/pytest -q -m slow --durations=25 -n 2 --dist loadfile --no-loadscope-reorder \
	    $(UNTIMED) \
	  && $(BIN)/pytest -q -m slow --durations=25 $(addprefix --ignore=,$(UNTIMED))

# The kernels know no Python, so their tests need no interpreter to link against.
cargo-test:
	@if command -v cargo >/dev/null; then \
	  for project in $(RUST_PROJECTS); do \
	    $(RUN_CARGO) test --quiet --locked --no-default-features --manifest-path $$project/Cargo.toml || exit 1; \
	  done; \
	else echo "cargo not found: the Rust tests did not run. Next: https://rustup.rs"; exit 1; fi

# The wheel by way of the source distribution; .ci/installed tries it.
dist: $(VENV)/.installed-dev
	rm -rf dist
	$(BIN)/python -m build --outdir dist

clean:
	rm -rf $(VENV) target dist

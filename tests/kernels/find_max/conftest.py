"""The entries of find_max, built as whichext builds them and imported into the test process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.contestant import RELEASE
from whichext.model.inline import unmarked
from whichext.model.outcome import BuildFailed, Built
from whichext.report.outcome_words import reason_text

Entry = Callable[..., Any]


@pytest.fixture(scope="session")
def modules() -> Iterator[dict[str, ModuleType]]:
    """The built-in projects by name, from the user's cache: Rust takes a minute to build."""
    store = Store()
    path, imported = sys.path.copy(), {}
    for project in load_kernel("find_max").projects:
        build = build_project(project, RELEASE, store)
        match build.result:
            case BuildFailed(error=error, hint=hint):
                pytest.fail(f"{project.name} did not build: {error}\n{hint}")
            case Built(key=key):
                sys.path.insert(0, str(store.site(key)))
                imported[project.name] = importlib.import_module(project.module)
            case absent:
                pytest.fail(f"{project.name}: {unmarked(reason_text(absent))}")
    yield imported
    sys.path[:] = path


@pytest.fixture
def entry(request: pytest.FixtureRequest, modules: dict[str, ModuleType]) -> Entry:
    """The entry that the test's parameter names."""
    module, _, function = str(request.param).partition(".")
    found: Entry = getattr(modules[module], function)
    return found


@pytest.fixture(params=["cypy", "rustpy"])
def find_max(request: pytest.FixtureRequest, modules: dict[str, ModuleType]) -> Entry:
    """The entry for users, in Cython and in Rust."""
    found: Entry = modules[request.param].find_max_tiled
    return found

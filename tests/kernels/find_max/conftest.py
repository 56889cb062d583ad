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
from whichext.model.kernel import Project
from whichext.model.outcome import BuildFailed, Built
from whichext.report.outcome_words import reason_text

Entry = Callable[..., Any]


@pytest.fixture(scope="session")
def modules() -> Iterator[dict[str, ModuleType]]:
    """The built-in projects by name, from the user's cache: Rust takes a minute to build."""
    path = sys.path.copy()
    yield {project.name: built_module(project) for project in load_kernel("find_max").projects}
    sys.path[:] = path


@pytest.fixture(scope="session")
def blocks() -> Iterator[ModuleType]:
    """What is in rustpy for arrays in blocks."""
    path = sys.path.copy()
    (project,) = (one for one in load_kernel("find_max").projects if one.name == "rustpy")
    built_module(project)
    yield importlib.import_module("rustpy.blocks")
    sys.path[:] = path


def built_module(project: Project) -> ModuleType:
    """The module of a project, on the path until a fixture ends."""
    store = Store()
    build = build_project(project, RELEASE, store)
    match build.result:
        case BuildFailed(error=error, hint=hint):
            pytest.fail(f"{project.name} did not build: {error}\n{hint}")
        case Built(key=key):
            sys.path.insert(0, str(store.site(key)))
            return importlib.import_module(project.module)
        case absent:
            pytest.fail(f"{project.name}: {unmarked(reason_text(absent))}")


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

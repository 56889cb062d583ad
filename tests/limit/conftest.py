"""Both readers; limitprobe built as whichext builds it and imported into the test process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import whichext.limit
from whichext.build import build_project
from whichext.build.store import Store
from whichext.limit import fallback
from whichext.project import load_project
from whichext.scorecard import BuildFailed, Built, Skipped

Read = Callable[..., int]

PROJECT = Path(whichext.limit.__file__).parent / "limitprobe"


@pytest.fixture(scope="session")
def probe() -> Iterator[Read]:
    """`limitprobe.read`, from the user's cache."""
    project = load_project(PROJECT)
    assert project is not None
    store, path = Store(), sys.path.copy()
    match build_project(project, "release", store).result:
        case BuildFailed(error=error, hint=hint):
            pytest.fail(f"limitprobe did not build: {error}\n{hint}")
        case Skipped(missing=missing, remedy=remedy):
            pytest.fail(f"limitprobe needs {missing}: {remedy}")
        case Built(key=key):
            sys.path.insert(0, str(store.site(key)))
    yield importlib.import_module(project.module).read
    sys.path[:] = path


@pytest.fixture(params=["limitprobe.read", "whichext.limit.fallback.read"])
def named(request: pytest.FixtureRequest, probe: Read) -> tuple[str, Read]:
    """Each reader with the name that stands in its errors."""
    return request.param, probe if request.param == "limitprobe.read" else fallback.read


@pytest.fixture
def read(named: tuple[str, Read]) -> Read:
    """Each reader."""
    return named[1]

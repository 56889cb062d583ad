"""Both readers; limitprobe built as whichext builds it and imported into the test process."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import whichext.race.limit
from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.project import load_project
from whichext.model.contestant import RELEASE
from whichext.model.inline import unmarked
from whichext.model.outcome import BuildFailed, Built
from whichext.race import limit
from whichext.report.outcome_words import reason_text

Read = Callable[..., int]

PROJECT = Path(whichext.race.limit.__file__).parent / "limitprobe"

# Besides what is shipped: paths of older processors, and small arrays treated like large ones.
SMALL = "-DBYTES_PER_THREAD=64 -DFAR_LINES=20"
FLAGS = {
    "shipped": "",
    "every register width, many threads": SMALL,
    "no AVX-512, many threads": f"{SMALL} -DWIDEST=32",
    "no AVX, many threads": f"{SMALL} -DWIDEST=16",
}


def build(flags: str) -> Path:
    """The folder to import limitprobe from, built with more CFLAGS; from the user's cache."""
    project, store = load_project(PROJECT), Store()
    assert project is not None
    with pytest.MonkeyPatch.context() as environment:
        if flags:
            environment.setenv("CFLAGS", flags)
        match build_project(project, RELEASE, store).result:
            case BuildFailed(error=error, hint=hint):
                pytest.fail(f"limitprobe did not build: {error}\n{hint}")
            case Built(key=key):
                return store.site(key)
            case absent:
                pytest.fail(f"limitprobe: {unmarked(reason_text(absent))}")


@pytest.fixture(scope="session")
def site() -> Path:
    """Where limitprobe as shipped is installed."""
    return build("")


@pytest.fixture(scope="session")
def probe(site: Path) -> Iterator[Read]:
    """`limitprobe.read` as shipped."""
    path = sys.path.copy()
    sys.path.insert(0, str(site))
    yield importlib.import_module("limitprobe").read
    sys.path[:] = path


@pytest.fixture(scope="session")
def variants(probe: Read) -> dict[str, Read]:
    """`limitprobe.read` by build; the extension modules are loaded side by side."""
    reads = {"shipped": probe}
    for name, flags in FLAGS.items():
        if flags:
            (binary,) = (build(flags) / "limitprobe").glob("_limitprobe*.so")
            spec = importlib.util.spec_from_file_location("_limitprobe", binary)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            reads[name] = module.read
    return reads


@pytest.fixture(params=[*FLAGS, "NumPy", "NumPy, many threads"])
def named(
    request: pytest.FixtureRequest, variants: dict[str, Read], monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Read]:
    """Each reader with the name that stands in its errors."""
    if request.param in variants:
        return "limitprobe.read", variants[request.param]
    if "many threads" in request.param:
        monkeypatch.setattr(limit, "_BYTES_PER_THREAD", 64)
    return "whichext.race.limit.read", limit.read


@pytest.fixture
def read(named: tuple[str, Read]) -> Read:
    """Each reader."""
    return named[1]

"""What the tests share: kernels under test, and where their builds go."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.builds import build_here
from support.cli import Command, FakeRun, commands
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.kernel import Kernel

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parent
KERNELS = TESTS / "kernels"
LONGEST = (
    *("kernels/find_max/test_tiled.py", "test_pages.py", "verify/test_faulty_projects.py"),
    *("test_faults.py", "judge/test_coverage.py", "cli/machines/test_lost.py"),
    *("cli/machines/test_local.py", "cli/machines/test_shared.py", "test_in_a_browser.py"),
    *("kernels/shapes/test_shapes.py", "load/test_scaffold_builds.py"),
    *("build/test_zig_builds.py", "build/test_backends.py", "build/test_real_projects.py"),
    *("test_pipeline.py", "audit/test_compilers.py", "audit/test_python_in_loops.py"),
    *("kernels/find_max/test_peers.py", "kernels/tallies/test_tallies.py"),
    *("race/limit/test_limitprobe.py", "cli/test_environments.py", "test_hostile.py"),
    *("kernels/large_max/test_kernel.py", "kernels/find_max/test_toolchains.py", "test_compare.py"),
)
"""Modules of slow tests that take long, the longest first."""


def pytest_configure() -> None:
    """Let builds find uv, where it was installed and works: pip takes several times as long.

    Nothing else of this environment is on the path, so that no build finds its tools here.

    Processes that tests start keep the modules that they compile, as they do for users: without
    that, as many containers have it, each of them compiles whichext anew for 0.7 s.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    folder = Path(sys.prefix, "uv")
    if (folder / "uv").exists() and str(folder) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((str(folder), os.environ["PATH"]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest slow tests, so that no worker is left with one at the end.

    All of find_max is built by the first module, and found by the later ones. Other tests keep
    their order.
    """
    ranks = {TESTS / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (
            ranks.get(item.path, len(ranks)) if item.get_closest_marker("slow") else len(ranks)
        )
    )


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of every collection of garbage to come.

    A turn collects garbage before it is timed, and thousands of tests are some 100 ms of it.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Builds of these tests alone, so that a cache cannot hide a failure to build.

    Workers beside each other share it, and so do the sessions of `make test`, by PYTEST_BUILDS.
    """
    base = tmp_path_factory.getbasetemp()
    session = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = Path(os.environ.get("PYTEST_BUILDS") or session / "builds")
    folder.mkdir(exist_ok=True)
    return Store(folder)


@pytest.fixture(scope="session")
def faulty_store(store: Store) -> Store:
    """The builds, with those of the faulty kernel among them."""
    build_here(KERNELS / "faulty", store)
    return store


@pytest.fixture(scope="session")
def row_sum() -> Kernel:
    """A tiny kernel whose contestants are right."""
    return load_kernel(KERNELS / "row_sum")


@pytest.fixture(scope="session")
def faulty() -> Kernel:
    """A kernel whose projects are wrong on purpose, but for one."""
    return load_kernel(KERNELS / "faulty")


@pytest.fixture(autouse=True)
def default_signals() -> Iterator[None]:
    """Signal dispositions as a shell gives them, also under nohup or in a background job.

    Processes that a test starts inherit them.
    """
    defaults = dict.fromkeys((signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM), signal.SIG_DFL)
    before = {
        number: signal.signal(number, handler)
        for number, handler in {**defaults, signal.SIGINT: signal.default_int_handler}.items()
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Type a command."""
    return commands(monkeypatch, capsys, tmp_path / "cache")


@pytest.fixture
def kept_builds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs find what tests have built, such as the limit, for which a compiler takes seconds."""
    monkeypatch.setattr("whichext.pipeline.Store", lambda: store)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    """No run, only what it was asked for."""
    run = FakeRun()
    monkeypatch.setattr("whichext.pipeline.execute", run)
    return run

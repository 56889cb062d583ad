"""Every entry is called once before it is believed, in a process of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from support.repositories import write_files
from whichext.audit import probe
from whichext.audit.gil import BUSY
from whichext.audit.probe import probe_all, probed_case
from whichext.build.store import Store
from whichext.load.select import choose_contestants
from whichext.model.case import Case
from whichext.model.contestant import Contestant
from whichext.model.evidence import Probe
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.pipeline import INPUTS
from whichext.system.progress import SilentProgress
from whichext.system.workers.crew import Crew

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def with_cases(kernel: Kernel, *shapes: tuple[int, ...]) -> Kernel:
    cases = (Case(name=str(shape), shape=shape, dtype="float64") for shape in shapes)
    return dataclasses.replace(kernel, cases=tuple(cases))


def test_the_largest_case_that_is_not_too_large_is_taken(row_sum: Kernel) -> None:
    kernel = with_cases(row_sum, (10, 10), (1_000, 1_000), (10_000, 10_000))
    assert probed_case(kernel).shape == (1_000, 1_000)


def test_where_all_are_too_large_the_first_is_made_less(row_sum: Kernel) -> None:
    kernel = with_cases(row_sum, (100, 1_000_000), (10_000, 10_000))
    assert probed_case(kernel).shape == (100, 31_250)


def probed(
    kernel: Kernel, contestants: Sequence[Contestant], keys: Mapping[str, str], store: Store
) -> tuple[Probe, ...]:
    """What is seen of contestants, with a crew of their own."""
    with Crew(kernel, INPUTS) as crew:
        return probe_all(crew, tuple(contestants), keys, store, SilentProgress())


def watch(kernel: Kernel, folder: Path, builds: Path, **changes: Any) -> dict[str, Probe]:
    """Watch a kernel's contestants whose modules are in the folders of their projects."""
    contestants = [replace(c, **changes) for c in choose_contestants(kernel, Options())]
    store = Store(builds)
    for name in {c.project for c in contestants if c.project} - {p.name for p in builds.iterdir()}:
        (builds / name).mkdir()
        store.site(name).symlink_to(folder / name)
    keys = {c.name: c.project for c in contestants if c.project}
    found = probed(kernel, contestants, keys, store)
    return {one.contestant: one for one in found}


@pytest.fixture(scope="module")
def faults(faulty: Kernel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Probe]:
    """What is seen of the faulty kernel's pure Python projects, which need no build."""
    named = ("good", "crashes", "wrong_on_nan")
    projects = tuple(project for project in faulty.projects if project.name in named)
    kernel = dataclasses.replace(faulty, projects=projects)
    return watch(kernel, faulty.folder, tmp_path_factory.mktemp("builds"))


def test_every_entry_is_watched_and_the_reference_is_not(faults: dict[str, Probe]) -> None:
    assert {name.partition(".")[0] for name in faults} == {"good", "crashes", "wrong_on_nan"}


def test_the_import_is_timed(faults: dict[str, Probe]) -> None:
    (good,) = (one for name, one in faults.items() if name.startswith("good."))
    assert (good.import_ns or 0) > 0


def test_what_does_not_import_is_not_seen_and_the_reason_is_said(
    row_sum: Kernel, tmp_path: Path
) -> None:
    for one in watch(row_sum, tmp_path / "nowhere", tmp_path).values():
        assert (one.import_ns, one.gil_free) == (None, None)
        assert (one.unseen or "").startswith("ModuleNotFoundError")


def test_without_anything_built_nobody_is_watched(row_sum: Kernel, tmp_path: Path) -> None:
    contestants = choose_contestants(row_sum, Options())
    assert probed(row_sum, contestants, {}, Store(tmp_path)) == ()


def test_who_lacks_a_package_is_left_out(row_sum: Kernel, tmp_path: Path) -> None:
    assert watch(row_sum, tmp_path, tmp_path, requires=("no-such-package",)) == {}


def test_who_lacks_what_its_wheel_requires_is_left_out(row_sum: Kernel, tmp_path: Path) -> None:
    for project in row_sum.projects:
        info = "Name: a\nVersion: 1\nRequires-Dist: no-such-package\n"
        write_files(tmp_path / "sites" / project.name, {"a-1.dist-info/METADATA": info})
    assert watch(row_sum, tmp_path / "sites", tmp_path / "builds") == {}


ONLY = "def row_sum(values):\n    assert values.dtype == {!r}\n    return values.sum(1)\n"


def test_who_does_not_answer_the_cases_dtype_is_called_with_one_that_it_answers(
    row_sum: Kernel, tmp_path: Path
) -> None:
    sources = tmp_path / "sources" / "plain"
    sources.mkdir(parents=True)
    for dtype in ("int8", "float64"):
        (sources / f"only_{dtype}.py").write_text(ONLY.format(dtype))
    builds = tmp_path / "builds"
    builds.mkdir()
    contestants = []
    for dtype in ("int8", "float64"):
        found = next(c for c in choose_contestants(row_sum, Options()) if c.project)
        module = f"only_{dtype}"
        contestants.append(
            replace(found, entry=module, module=module, function="row_sum", dtypes=(dtype,))
        )
    store = Store(builds)
    (builds / "plain").mkdir()
    store.site("plain").symlink_to(sources)
    keys = {c.name: "plain" for c in contestants}

    seen = probed(row_sum, contestants, keys, store)

    assert [one.contestant for one in seen] == ["only_int8", "only_float64"]
    assert [one.unseen for one in seen if one.unseen and "too short" not in one.unseen] == []


def test_who_answered_once_is_not_called_again(
    row_sum: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources" / "plain"
    sources.mkdir(parents=True)
    (sources / "plain_sum.py").write_text(
        "import time\ndef call(values):\n    time.sleep(0.01)\n    return values.sum(1)\n"
        "def __getattr__(name):\n    return call\n"
    )
    builds = tmp_path / "builds"
    builds.mkdir()
    before = watch(row_sum, tmp_path / "sources", builds)
    monkeypatch.setattr(probe, "_probe_now", None)
    assert [(one.gil_free or 0) > 0.5 for one in before.values()] == [True, True]
    assert watch(row_sum, tmp_path / "sources", builds) == before


def test_who_was_seen_on_a_machine_that_was_too_busy_is_called_again(
    row_sum: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def busy(_: object, contestant: Contestant, *__: object) -> Probe:
        seen.append(contestant.name)
        return Probe(contestant=contestant.name, unseen=BUSY, cpu_ns=1)

    monkeypatch.setattr(probe, "_probe", busy)
    for _ in range(2):
        watch(row_sum, row_sum.folder, tmp_path)
    assert len(seen) == 2 * len(set(seen)) > 0


def test_who_finds_its_answers_again_is_seen_to_remember(
    faulty: Kernel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    named = ("good", "remembers_by_content")
    projects = tuple(project for project in faulty.projects if project.name in named)
    kernel = dataclasses.replace(faulty, projects=projects)
    seen = watch(kernel, faulty.folder, tmp_path_factory.mktemp("builds"))
    assert {name: one.remembers for name, one in seen.items()} == {
        "good.row_max": False,
        "remembers_by_content.row_max": True,
    }

"""The build stage, with a builder that needs no compiler."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from inline_snapshot import snapshot

from support.builds import FakeBuilder
from support.contestants import make_contestant
from whichext.build import build_all, build_project
from whichext.build.store import Store
from whichext.model.contestant import DEBUG, RELEASE
from whichext.model.kernel import Kernel, Project
from whichext.model.outcome import BuildFailed, Built, Tool, ToolchainAbsent, Variable
from whichext.model.raw import Build
from whichext.system.progress import PlainProgress, SilentProgress

GCC_LOG = "cc -c {source}/fast.c\n{source}/fast.c:1:1: error: unknown type name 'it'\n"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of this test alone, and no flags of whoever runs it."""
    for name in ("CFLAGS", "CXXFLAGS", "RUSTFLAGS"):
        monkeypatch.delenv(name, raising=False)
    return Store(tmp_path / "builds")


def project_in(folder: Path, name: str = "fast", needs: tuple[str, ...] = ()) -> Project:
    source = folder / "kernel" / name
    source.mkdir(parents=True)
    (source / "pyproject.toml").write_text("[project]\n")
    (source / f"{name}.c").write_text(f"int {name};\n")
    return Project(name=name, folder=source, module=name, toolchain="c", needs=needs, entries=())


def built(build: Build) -> Built:
    assert isinstance(build.result, Built), build.result
    return build.result


def failed(build: Build) -> BuildFailed:
    assert isinstance(build.result, BuildFailed), build.result
    return build.result


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# One project


def test_a_build_is_installed_where_its_receipt_says(empty: Store, tmp_path: Path) -> None:
    build = build_project(project_in(tmp_path), RELEASE, empty, FakeBuilder())
    assert (empty.site(built(build).key) / "fast.py").is_file()


def test_a_receipt_names_the_wheel_with_its_size_and_the_tools(
    empty: Store, tmp_path: Path
) -> None:
    result = built(build_project(project_in(tmp_path), RELEASE, empty, FakeBuilder()))
    assert (result.wheel, result.wheel_bytes > 0, result.tools, result.cached) == (
        "fast-1.0-py3-none-any.whl",
        True,
        (Tool("fake-backend", "7.1"),),
        False,
    )


def test_compilers_come_before_the_backends_packages_in_a_receipt(
    empty: Store, tmp_path: Path
) -> None:
    project = project_in(tmp_path, needs=("sh",))
    result = built(build_project(project, RELEASE, empty, FakeBuilder()))
    assert [tool.name for tool in result.tools] == ["sh", "fake-backend"]


def test_the_second_build_is_found_in_the_cache_with_the_first_ones_time(
    empty: Store, tmp_path: Path
) -> None:
    project, builder = project_in(tmp_path), FakeBuilder()
    first = built(build_project(project, RELEASE, empty, builder))
    second = built(build_project(project, RELEASE, empty, builder))
    assert (second, len(builder.calls)) == (msgspec.structs.replace(first, cached=True), 1)


def test_an_edited_project_is_built_again(empty: Store, tmp_path: Path) -> None:
    project, builder = project_in(tmp_path), FakeBuilder()
    build_project(project, RELEASE, empty, builder)
    (project.folder / "fast.c").write_text("long fast;\n")
    again = built(build_project(project, RELEASE, empty, builder))
    assert (again.cached, len(builder.calls)) == (False, 2)


def test_another_profile_is_another_build(empty: Store, tmp_path: Path) -> None:
    project, builder = project_in(tmp_path), FakeBuilder()
    release = built(build_project(project, RELEASE, empty, builder))
    debug = built(build_project(project, DEBUG, empty, builder))
    assert (release.key != debug.key, len(builder.calls)) == (True, 2)


def test_other_flags_of_the_user_are_another_build(
    empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, builder = project_in(tmp_path), FakeBuilder()
    build_project(project, RELEASE, empty, builder)
    monkeypatch.setenv("CFLAGS", "-O1")
    assert built(build_project(project, RELEASE, empty, builder)).cached is False


def test_the_builder_and_the_receipt_get_the_profiles_variables(
    empty: Store, tmp_path: Path
) -> None:
    builder = FakeBuilder()
    result = built(build_project(project_in(tmp_path), DEBUG, empty, builder))
    assert (builder.calls[0].environment, result.environment) == (
        {"CFLAGS": "-O0", "CXXFLAGS": "-O0"},
        (Variable("CFLAGS", "-O0"), Variable("CXXFLAGS", "-O0")),
    )


def test_an_unreadable_receipt_is_rebuilt(empty: Store, tmp_path: Path) -> None:
    project, builder = project_in(tmp_path), FakeBuilder()
    key = built(build_project(project, RELEASE, empty, builder)).key
    (empty.folder / key / "receipt.json").write_text("{ torn")
    again = built(build_project(project, RELEASE, empty, builder))
    assert (again.cached, len(builder.calls), empty.find(key) is not None) == (False, 2, True)


def test_a_backend_that_writes_beside_its_sources_never_touches_the_projects_folder(
    empty: Store, tmp_path: Path
) -> None:
    def write(source: Path) -> None:
        (source / "fast.so").touch()
        (source / "fast.c").write_text("overwritten")
        (source / "pyproject.toml").unlink()

    project = project_in(tmp_path)
    before = files_of(project.folder)
    build_project(project, RELEASE, empty, FakeBuilder(meanwhile=write))
    assert files_of(project.folder) == before


def test_the_builder_sees_the_sources_without_what_tools_left_there(
    empty: Store, tmp_path: Path
) -> None:
    seen: list[str] = []
    project = project_in(tmp_path)
    for name in ("__pycache__", "target", "build"):
        (project.folder / name).mkdir()
        (project.folder / name / "stale.o").touch()
    builder = FakeBuilder(meanwhile=lambda source: seen.extend(sorted(files_of(source))))
    build_project(project, RELEASE, empty, builder)
    assert seen == ["fast.c", "pyproject.toml"]


def test_the_builder_sees_settings_in_hidden_folders_and_sources_behind_links(
    empty: Store, tmp_path: Path
) -> None:
    seen: dict[str, bytes] = {}
    project, shared = project_in(tmp_path), tmp_path / "shared"
    (project.folder / ".cargo").mkdir()
    (project.folder / ".cargo" / "config.toml").write_text("[build]\n")
    shared.mkdir()
    (shared / "common.h").write_text("#define X\n")
    (project.folder / "common").symlink_to(shared)
    (project.folder / "lost.c").symlink_to(tmp_path / "absent.c")
    builder = FakeBuilder(meanwhile=lambda source: seen.update(files_of(source)))
    build_project(project, RELEASE, empty, builder)
    assert sorted(seen) == [".cargo/config.toml", "common/common.h", "fast.c", "pyproject.toml"]
    assert seen["common/common.h"] == b"#define X\n"


def test_a_build_leaves_no_workspace_behind(empty: Store, tmp_path: Path) -> None:
    builder = FakeBuilder(logs={"fast": GCC_LOG})
    build_project(project_in(tmp_path, "good"), RELEASE, empty, builder)
    build_project(project_in(tmp_path, "fast"), RELEASE, empty, builder)
    assert list(empty.folder.glob("work-*")) == []


# What is absent, and what fails


def test_a_missing_compiler_is_a_skipped_build_with_the_way_to_get_it(
    empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CARGO", raising=False)
    project, builder = project_in(tmp_path, needs=("cargo",)), FakeBuilder()
    build = build_project(project, RELEASE, empty, builder)
    skipped = ToolchainAbsent("Rust's cargo", "install Rust from https://rustup.rs")
    assert (build, builder.calls) == (
        Build(project="fast", profile=RELEASE, result=skipped),
        [],
    )


def test_a_failed_build_carries_the_compilers_own_error_without_the_vanished_path(
    empty: Store, tmp_path: Path
) -> None:
    builder = FakeBuilder(logs={"fast": GCC_LOG})
    result = failed(build_project(project_in(tmp_path), RELEASE, empty, builder))
    command, error = GCC_LOG.format(source="fast").splitlines()
    assert (result.error, result.log.splitlines()[0]) == (error, command)


def test_a_failed_build_hints_at_the_projects_own_folder(empty: Store, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    result = failed(build_project(project, RELEASE, empty, FakeBuilder(logs={"fast": GCC_LOG})))
    assert result.hint.endswith(f"pip install -v {project.folder}")


def test_a_failed_build_that_wrote_no_log_still_has_an_error(empty: Store, tmp_path: Path) -> None:
    builder = FakeBuilder(logs={"fast": ""})
    result = failed(build_project(project_in(tmp_path), RELEASE, empty, builder))
    assert result.error == "it printed nothing"


def test_of_a_long_log_the_end_is_kept(empty: Store, tmp_path: Path) -> None:
    builder = FakeBuilder(logs={"fast": "x" * 50_000 + "\nthe end"})
    result = failed(build_project(project_in(tmp_path), RELEASE, empty, builder))
    assert (len(result.log), result.log[-7:]) == (20_000, "the end")


def test_a_failed_build_is_tried_again_the_next_time(empty: Store, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    build_project(project, RELEASE, empty, FakeBuilder(logs={"fast": GCC_LOG}))
    assert built(build_project(project, RELEASE, empty, FakeBuilder())).cached is False


# Two at once


class WatchedStore(Store):
    """A store that tells when a second build has asked for a key."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []
        self.second_asked = threading.Event()

    @contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Take note, then wait like any other store."""
        self.asked.append(key)
        if len(self.asked) == 2:
            self.second_asked.set()
        with super().locked(key):
            yield


def build_at_once(store: Store, builder: FakeBuilder, projects: list[Project]) -> list[Built]:
    with ThreadPoolExecutor(len(projects)) as pool:
        jobs = [pool.submit(build_project, p, RELEASE, store, builder) for p in projects]
    return [built(job.result()) for job in jobs]


def test_two_builds_of_the_same_key_at_once_build_only_once(tmp_path: Path) -> None:
    store, project = WatchedStore(tmp_path / "builds"), project_in(tmp_path)
    builder = FakeBuilder(meanwhile=lambda _source: wait_for(store.second_asked))
    results = build_at_once(store, builder, [project, project])
    assert (len(builder.calls), sorted(result.cached for result in results)) == (1, [False, True])


def test_builds_of_two_keys_do_not_wait_for_each_other(empty: Store, tmp_path: Path) -> None:
    both_build = threading.Barrier(2, timeout=60)
    builder = FakeBuilder(meanwhile=lambda _source: wait_for(both_build))
    projects = [project_in(tmp_path, name) for name in ("one", "two")]
    results = build_at_once(empty, builder, projects)
    assert [result.cached for result in results] == [False, False]


def wait_for(what: threading.Event | threading.Barrier) -> None:
    what.wait(60)


# All projects of a kernel


def kernel_of(template: Kernel, *projects: Project) -> Kernel:
    return replace(template, projects=projects)


def test_each_project_and_profile_is_built_once_however_many_contestants_want_it(
    empty: Store, tmp_path: Path, row_sum: Kernel
) -> None:
    contestants = (
        make_contestant("numpy"),
        make_contestant("fast.f"),
        make_contestant("fast.g"),
        make_contestant("fast.f@debug"),
        make_contestant("slow.f"),
    )
    kernel = kernel_of(row_sum, project_in(tmp_path, "fast"), project_in(tmp_path, "slow"))
    builds = tuple(build_all(kernel, contestants, empty, SilentProgress(), FakeBuilder()))
    assert [(build.project, build.profile) for build in builds] == [
        ("fast", RELEASE),
        ("fast", DEBUG),
        ("slow", RELEASE),
    ]


def test_a_project_that_no_contestant_wants_is_not_built(
    empty: Store, tmp_path: Path, row_sum: Kernel
) -> None:
    kernel = kernel_of(row_sum, project_in(tmp_path, "fast"))
    wanted = (make_contestant("numpy"),)
    assert list(build_all(kernel, wanted, empty, SilentProgress(), FakeBuilder())) == []


def test_after_a_failure_and_an_absent_toolchain_the_others_go_on_and_progress_tells_of_each(
    empty: Store, tmp_path: Path, row_sum: Kernel
) -> None:
    names = ("bad", "absent", "good")
    projects = [project_in(tmp_path, name) for name in names]
    projects[1] = msgspec.structs.replace(projects[1], needs=("no-such-program",))
    contestants = tuple(make_contestant(f"{name}.f") for name in (*names, "good"))
    output, builder = io.StringIO(), FakeBuilder(logs={"bad": GCC_LOG})
    kernel = kernel_of(row_sum, *projects)
    list(build_all(kernel, contestants, empty, PlainProgress(output), builder))
    list(build_all(kernel, contestants[2:], empty, PlainProgress(output), builder))
    assert re.sub("built in .*", "built in TIME", output.getvalue()) == snapshot("""\
build  33%  bad @release: failed: bad/fast.c:1:1: error: unknown type name 'it'
build  67%  absent @release: skipped: the program 'no-such-program' not found
build 100%  good @release: built in TIME
build 100%  good @release: in the cache
""")

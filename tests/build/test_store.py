"""The cache of builds: whole or not at all."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import msgspec
import pytest
from filelock import FileLock, Timeout

from support.builds import write_wheel
from support.contestants import make_contestant
from support.results import BUILD_FAILED, SKIPPED, make_build, make_built
from whichext.build import store as store_module
from whichext.build.recorder import Record
from whichext.build.store import Store, find_sites
from whichext.model.outcome import Built, Tool, Variable
from whichext.toolchains.base import Command


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    """A store of this test alone."""
    return Store(tmp_path / "builds")


def receipt(key: str = "k1", build_ns: int = 5_000_000) -> Built:
    return Built(
        key=key,
        wheel="fast-1.0-py3-none-any.whl",
        wheel_bytes=1234,
        build_ns=build_ns,
        tools=(Tool("cc", "gcc 12.2.0"),),
        environment=(Variable("CFLAGS", "-O0"),),
    )


def add(store: Store, built: Built, code: str = "ANSWER = 42\n") -> None:
    with store.workspace() as workspace:
        store.add(write_wheel(workspace / "wheel", "fast", code), built, workspace)


def answer(store: Store, key: str) -> Any:
    path = store.site(key) / "fast.py"
    spec = importlib.util.spec_from_file_location("fast_of_the_store", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ANSWER


def test_a_store_makes_its_folder_with_the_folders_above_it(tmp_path: Path) -> None:
    assert Store(tmp_path / "a" / "b").folder.is_dir()


def test_without_a_folder_it_is_the_users_cache_folder_for_whichext(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cache_path(name: str, *, appauthor: bool) -> Path:
        assert appauthor is False
        return tmp_path / name

    monkeypatch.setattr(store_module, "user_cache_path", cache_path)
    assert Store().folder == tmp_path / "whichext" / "builds"


def test_a_key_that_was_never_built_is_not_found(empty: Store) -> None:
    assert empty.find("k1") is None


def test_a_build_is_found_again_as_it_was_and_says_that_it_is_cached(empty: Store) -> None:
    add(empty, receipt())
    assert empty.find("k1") == msgspec.structs.replace(receipt(), cached=True)


def test_another_store_on_the_same_folder_finds_it_too(empty: Store) -> None:
    add(empty, receipt())
    assert Store(empty.folder).find("k1") == empty.find("k1")


def test_a_build_is_not_found_under_another_key(empty: Store) -> None:
    add(empty, receipt("k1"))
    assert empty.find("k2") is None


def test_an_added_wheel_can_be_imported_from_its_site(empty: Store) -> None:
    add(empty, receipt())
    assert answer(empty, "k1") == 42


def test_an_added_wheel_leaves_its_metadata_beside_the_module(empty: Store) -> None:
    add(empty, receipt())
    installer = empty.site("k1") / "fast-1.0.dist-info" / "INSTALLER"
    assert installer.read_text() == "whichext"


def test_two_keys_have_two_sites(empty: Store) -> None:
    add(empty, receipt("k1"), "ANSWER = 1\n")
    add(empty, receipt("k2"), "ANSWER = 2\n")
    assert (answer(empty, "k1"), answer(empty, "k2")) == (1, 2)


def test_adding_a_key_again_replaces_the_whole_build(empty: Store) -> None:
    add(empty, receipt(build_ns=1), "ANSWER = 1\n")
    (empty.site("k1") / "leftover.py").touch()
    add(empty, receipt(build_ns=2), "ANSWER = 2\n")
    found = empty.find("k1")
    assert found is not None
    leftover = (empty.site("k1") / "leftover.py").exists()
    assert (found.build_ns, answer(empty, "k1"), leftover) == (2, 2, False)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{}", b"\xff\xfe", b'{"type": "Built", "key": "k1"}', b"[1, 2]"]
)
def test_a_receipt_that_cannot_be_read_counts_as_no_build(empty: Store, content: bytes) -> None:
    add(empty, receipt())
    (empty.folder / "k1" / "receipt.json").write_bytes(content)
    assert empty.find("k1") is None


def test_a_build_without_a_receipt_counts_as_no_build(empty: Store) -> None:
    add(empty, receipt())
    (empty.folder / "k1" / "receipt.json").unlink()
    assert empty.find("k1") is None


def test_a_workspace_lies_beside_the_builds_and_goes_when_it_is_left(empty: Store) -> None:
    with empty.workspace() as workspace:
        (workspace / "scratch").touch()
        assert workspace.parent == empty.folder
    assert not workspace.exists()


def test_a_workspace_goes_when_the_work_in_it_fails(empty: Store) -> None:
    with pytest.raises(RuntimeError, match="no"), empty.workspace() as workspace:
        raise RuntimeError("no")
    assert not workspace.exists()


def test_two_workspaces_at_once_are_two_folders(empty: Store) -> None:
    with empty.workspace() as one, empty.workspace() as other:
        assert one != other


def test_a_wheel_that_does_not_unpack_leaves_no_build(empty: Store) -> None:
    def add_broken() -> None:
        with empty.workspace() as workspace:
            broken = workspace / "fast-1.0-py3-none-any.whl"
            broken.write_bytes(b"no zip file")
            empty.add(broken, receipt(), workspace)

    with pytest.raises(Exception, match="zip file"):
        add_broken()
    assert (empty.find("k1"), list(empty.folder.iterdir())) == (None, [])


def test_a_key_that_another_run_holds_cannot_be_had_until_it_lets_go(
    empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "FileLock", lambda path: FileLock(path, timeout=0))
    other = Store(empty.folder)
    with empty.locked("k1"), pytest.raises(Timeout), other.locked("k1"):
        pass
    with other.locked("k1"):
        pass


def test_a_key_that_another_run_holds_leaves_other_keys_free(
    empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "FileLock", lambda path: FileLock(path, timeout=0))
    with empty.locked("k1"), Store(empty.folder).locked("k2"):
        pass


def test_a_key_is_free_again_after_a_failure(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "FileLock", lambda path: FileLock(path, timeout=0))
    with pytest.raises(RuntimeError, match="no"), empty.locked("k1"):
        raise RuntimeError("no")
    with empty.locked("k1"):
        pass


def test_what_was_noted_of_a_build_is_kept_with_it(empty: Store) -> None:
    record = Record(commands=(Command("c", "/build", "/bin/cc", "cc 1", ("-O3",)),))
    with empty.workspace() as workspace:
        wheel = write_wheel(workspace / "wheel", "fast", "")
        empty.add(wheel, receipt(), workspace, record)
    assert empty.record(receipt().key) == record


def test_a_build_of_which_nothing_was_noted_is_made_again(empty: Store) -> None:
    add(empty, receipt())
    (empty.folder / receipt().key / "record.json").unlink()
    assert empty.find(receipt().key) is None


@pytest.mark.parametrize("content", ["", "{", '{"commands": 1}'])
def test_notes_that_cannot_be_read_say_nothing(empty: Store, content: str) -> None:
    add(empty, receipt())
    (empty.folder / receipt().key / "record.json").write_text(content)
    assert empty.record(receipt().key) == Record()


def test_what_is_noted_of_a_build_is_found_again_under_its_name_alone(empty: Store) -> None:
    assert empty.noted("a" * 24, "seen", Tool) is None
    (empty.folder / ("a" * 24)).mkdir()
    empty.note("a" * 24, "seen", Tool("cc", "12"))
    assert empty.noted("a" * 24, "seen", Tool) == Tool("cc", "12")
    assert empty.noted("a" * 24, "heard", Tool) is None


def test_a_note_that_breaks_off_or_cannot_be_written_is_none(empty: Store) -> None:
    empty.note("b" * 24, "seen", Tool("cc", "12"))
    assert empty.noted("b" * 24, "seen", Tool) is None
    (empty.folder / ("a" * 24)).mkdir()
    empty.note("a" * 24, "seen", Tool("cc", "12"))
    (path,) = empty.folder.glob("*/notes/*")
    path.write_text('{"name": "cc", "ver')
    assert empty.noted("a" * 24, "seen", Tool) is None


# Where contestants are imported from


def test_a_built_contestant_is_imported_from_its_builds_folder(empty: Store) -> None:
    builds = (make_build("cy", make_built("a" * 24)),)
    sites = find_sites((make_contestant("cy.total"),), builds, empty)
    assert {"cy.total": empty.site("a" * 24)} == sites


def test_the_reference_has_no_folder(empty: Store) -> None:
    assert find_sites((make_contestant("numpy"),), (), empty) == {"numpy": None}


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_who_was_not_built_has_no_site(empty: Store, result: Any) -> None:
    builds = (make_build("cy", result),)
    assert find_sites((make_contestant("cy.total"),), builds, empty) == {}


def test_every_profile_has_a_folder_of_its_own(empty: Store) -> None:
    builds = (
        make_build("cy", make_built("a" * 24)),
        make_build("cy", make_built("b" * 24), profile="debug"),
    )
    names = ("cy.total", "cy.total@debug")
    sites = find_sites(tuple(make_contestant(name) for name in names), builds, empty)
    assert [empty.site("a" * 24), empty.site("b" * 24)] == [sites[name] for name in names]

"""Archives of strangers: what is in them is written into a folder, or refused as a whole."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.bundles import archive_of, entry
from whichext.load import archive as module
from whichext.load.archive import check_entries, extract
from whichext.model.bundle import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES
from whichext.model.errors import BundleError

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
GOOD = (entry("kernel/kernel.py"), b"KERNEL = 1")


def named(*names: str) -> bytes:
    return archive_of(*((entry(name), b"content") for name in names))


def of_kind(kind: int, content: bytes = b"/etc/passwd") -> bytes:
    return archive_of(GOOD, (entry("kernel/data", kind), content))


def packed_by(method: int) -> bytes:
    packed = entry("kernel/data")
    packed.compress_type = method
    return archive_of((packed, b"content" * 100))


def bomb() -> bytes:
    packed = entry("kernel/data")
    packed.compress_type = zipfile.ZIP_DEFLATED
    return archive_of((packed, bytes(1_000_000)))


def patched(found: bytes, signature: bytes, at: int, form: str, value: int) -> bytes:
    """An archive with another number in its last header of a kind."""
    changed = bytearray(found)
    struct.pack_into(form, changed, found.rindex(signature) + at, value)
    return bytes(changed)


def lying(size: int) -> bytes:
    """A file of 7 bytes that says that it has another size, in both of its headers."""
    return patched(patched(named("data"), LOCAL, 22, "<L", size), CENTRAL, 24, "<L", size)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "an absolute path": lambda: named("/tmp/evil.py"),
    "a path to the folder above": lambda: named("../evil.py"),
    "a path to a folder above in the middle": lambda: named("kernel/../../evil.py"),
    "a path with a dot": lambda: named("kernel/./evil.py"),
    "a path with an empty step": lambda: named("kernel//evil.py"),
    "a folder": lambda: named("kernel/"),
    "a path of Windows": lambda: named("..\\evil.py"),
    "a drive of Windows": lambda: named("c:evil.py"),
    "a null byte in a name": lambda: named("kernel.py\0.txt"),
    "a line break in a name": lambda: named("kernel.py\nevil"),
    "a name that is turned around": lambda: named("kernel\u202eyp.py"),
    "a name that is too long": lambda: named("a" * 300),
    "a path that is too deep": lambda: named("/".join("a" * 60)),
    "a repository": lambda: named("kernel/.git/config"),
    "a repository in capital letters": lambda: named("kernel/.GIT/hooks/post-checkout"),
    "a name twice": lambda: named("kernel.py", "kernel.py"),
    "a name in capital letters": lambda: named("kernel.py", "KERNEL.py"),
    "a name that is composed otherwise": lambda: named("caf\u00e9.py", "cafe\u0301.py"),
    "a file that is a folder too": lambda: named("kernel", "kernel/kernel.py"),
    "a folder that is a file too": lambda: named("kernel/kernel.py", "kernel"),
    "a folder in capital letters": lambda: named("kernel/a.py", "Kernel/b.py"),
    "a link": lambda: of_kind(stat.S_IFLNK),
    "a device": lambda: of_kind(stat.S_IFCHR),
    "a pipe": lambda: of_kind(stat.S_IFIFO),
    "a bomb": bomb,
    "more content than is said": lambda: lying(3),
    "less content than is said": lambda: lying(9),
    "another size than is said first": lambda: patched(named("data"), CENTRAL, 24, "<L", 9),
    "a large file": lambda: patched(named("data"), CENTRAL, 24, "<L", MOST_FILE_BYTES + 1),
    "a file that is encrypted": lambda: patched(named("data"), CENTRAL, 8, "<H", 1),
    "a method that takes memory": lambda: packed_by(zipfile.ZIP_LZMA),
    "a changed content": lambda: named("data").replace(b"content", b"CONTENT", 1),
    "another name in front of the content": lambda: named("data").replace(b"data", b"evil", 1),
    "files that overlap": lambda: patched(named("data", "evil"), CENTRAL, 42, "<L", 0),
    "a file behind the list": lambda: patched(named("data"), CENTRAL, 20, "<L", 4_000),
    "too many files": lambda: patched(
        patched(named("data"), END, 10, "<H", MOST_FILES + 1), END, 8, "<H", MOST_FILES + 1
    ),
    "several disks": lambda: patched(named("data"), END, 4, "<H", 1),
    "a comment": lambda: patched(named("data"), END, 20, "<H", 3) + b"abc",
    "something before it": lambda: b"#!/bin/sh\n" + named("data"),
    "something behind it": lambda: named("data") + b"evil",
    "a large archive": lambda: named("data").replace(END, b"PK\6\7" + bytes(16) + END),
    "half of an archive": lambda: named("data")[:40],
    "no archive": lambda: b"{}",
    "nothing": lambda: b"",
}


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_archive_is_refused_and_nothing_leaves_its_folder(
    tmp_path: Path, what: str
) -> None:
    path, folder = tmp_path / "bundle.zip", tmp_path / "inside" / "folder"
    folder.mkdir(parents=True)
    path.write_bytes(HOSTILE[what]())
    with pytest.raises(BundleError) as caught:
        extract(path, folder)
    assert caught.value.exit_code == 2
    assert set(tree(tmp_path)) - {"inside/folder/data"} == {
        "bundle.zip",
        "inside",
        "inside/folder",
    }


SAID = snapshot(
    {
        "an absolute path": (
            "'/tmp/evil.py'",
            "a path in the archive that ends with a file",
            "another path",
        ),
        "a path to the folder above": (
            "'../evil.py'",
            "a path that stays in its folder",
            "one with . or ..",
        ),
        "a path to a folder above in the middle": (
            "'kernel/../../evil.py'",
            "a path that stays in its folder",
            "one with . or ..",
        ),
        "a path with a dot": (
            "'kernel/./evil.py'",
            "a path that stays in its folder",
            "one with . or ..",
        ),
        "a path with an empty step": (
            "'kernel//evil.py'",
            "a path in the archive that ends with a file",
            "another path",
        ),
        "a folder": (
            "'kernel/'",
            "a path in the archive that ends with a file",
            "another path",
        ),
        "a path of Windows": (
            "'..\\\\evil.py'",
            "a path that is one on every system",
            "one with signs that are not",
        ),
        "a drive of Windows": (
            "'c:evil.py'",
            "a path that is one on every system",
            "one with signs that are not",
        ),
        "a null byte in a name": (
            "'kernel.py\\x00.txt'",
            "a path that is one on every system",
            "one with signs that are not",
        ),
        "a line break in a name": (
            "'kernel.py\\nevil'",
            "a path that is one on every system",
            "one with signs that are not",
        ),
        "a name that is turned around": (
            "'kernel\\u202eyp.py'",
            "a path that is one on every system",
            "one with signs that are not",
        ),
        "a name that is too long": (
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            "a path that is one on every system",
            "one that is too long",
        ),
        "a path that is too deep": (
            "'a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/'",
            "a path that is one on every system",
            "one that is too long",
        ),
        "a repository": ("'kernel/.git/config'", "no repository of git", "a file of one"),
        "a repository in capital letters": (
            "'kernel/.GIT/hooks/post-checkout'",
            "no repository of git",
            "a file of one",
        ),
        "a name twice": (
            "'kernel.py'",
            "names that no system takes for the same",
            "it twice",
        ),
        "a name in capital letters": (
            "'KERNEL.py'",
            "names that no system takes for the same",
            "'kernel.py' too",
        ),
        "a name that is composed otherwise": (
            "'café.py'",
            "names that no system takes for the same",
            "'café.py' too",
        ),
        "a file that is a folder too": (
            "'kernel/kernel.py'",
            "a folder of that name alone",
            "'kernel' too",
        ),
        "a folder that is a file too": (
            "'kernel'",
            "a file of that name alone",
            "a folder too",
        ),
        "a folder in capital letters": (
            "'Kernel/b.py'",
            "a folder of that name alone",
            "'kernel' too",
        ),
        "a link": ("'kernel/data'", "ordinary files", "a link"),
        "a device": ("'kernel/data'", "ordinary files", "a folder or a device"),
        "a pipe": ("'kernel/data'", "ordinary files", "a folder or a device"),
        "a bomb": (
            "'kernel/data'",
            "a file that was compressed to no less than 1/100",
            "1.00 MB in 985 B",
        ),
        "more content than is said": (
            "",
            "an archive that can be read",
            "Bad CRC-32 for file 'data'",
        ),
        "less content than is said": (
            "",
            "an archive that can be read",
            "data is shorter than the archive says",
        ),
        "another size than is said first": (
            "",
            "an archive that can be read",
            "data is shorter than the archive says",
        ),
        "a large file": ("'data'", "at most 200 MB in a file", "200 MB"),
        "a file that is encrypted": (
            "'data'",
            "a file that can be read",
            "one that is encrypted",
        ),
        "a method that takes memory": (
            "'kernel/data'",
            "a file that is stored or deflated",
            "another method of compression",
        ),
        "a changed content": ("", "an archive that can be read", "Bad CRC-32 for file 'data'"),
        "another name in front of the content": (
            "",
            "an archive that can be read",
            "File name in directory 'data' and header b'evil' differ.",
        ),
        "files that overlap": ("'evil'", "files one after the other", "files that overlap"),
        "a file behind the list": ("", "files before their list", "files that overlap it"),
        "too many files": ("", "at most 10,000 files", "10,001 files"),
        "several disks": ("", "an archive in one piece", "one of several, or a large one"),
        "a comment": ("", "a zip archive and nothing else", "other bytes around it"),
        "something before it": ("", "a zip archive and nothing else", "other bytes around it"),
        "something behind it": ("", "a zip archive and nothing else", "other bytes around it"),
        "a large archive": ("", "an archive in one piece", "one of several, or a large one"),
        "half of an archive": ("", "a zip archive and nothing else", "other bytes around it"),
        "no archive": ("", "a bundle", "another file"),
        "nothing": ("", "a bundle", "another file"),
    }
)


def test_each_refusal_says_what_is_wrong(tmp_path: Path) -> None:
    path, said = tmp_path / "bundle.zip", {}
    for number, (what, make) in enumerate(HOSTILE.items()):
        path.write_bytes(make())
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(BundleError) as caught:
            extract(path, folder)
        said[what] = (caught.value.what, caught.value.expected, caught.value.got)
    assert said == SAID


def test_the_files_are_written_with_their_content_and_may_be_programs(tmp_path: Path) -> None:
    path, folder = tmp_path / "bundle.zip", tmp_path / "folder"
    folder.mkdir()
    program = entry("kernel/configure", mode=0o4755)
    path.write_bytes(archive_of(GOOD, (program, b"#!/bin/sh"), (entry("a b/é.c"), b"")))
    names = extract(path, folder)
    assert names == ("kernel/kernel.py", "kernel/configure", "a b/é.c")
    assert {name: (folder / name).read_bytes() for name in names} == {
        "kernel/kernel.py": b"KERNEL = 1",
        "kernel/configure": b"#!/bin/sh",
        "a b/é.c": b"",
    }
    modes = [stat.S_IMODE((folder / name).stat().st_mode) for name in names]
    assert modes == [0o644, 0o755, 0o644]


def test_all_files_together_may_not_be_too_large(tmp_path: Path) -> None:
    entries = [entry(str(number)) for number in range(3)]
    for number, one in enumerate(entries):
        one.file_size = one.compress_size = MOST_FILE_BYTES
        one.header_offset = number * (MOST_FILE_BYTES + 100)
    assert 3 * MOST_FILE_BYTES > MOST_BYTES
    with pytest.raises(BundleError) as caught:
        check_entries(tmp_path, entries, MOST_BYTES * 2)
    assert caught.value.got == "600 MB"


def test_an_archive_may_not_be_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 50)
    path = tmp_path / "bundle.zip"
    path.write_bytes(named("data"))
    with pytest.raises(BundleError) as caught:
        extract(path, tmp_path)
    assert caught.value.expected == "at most 50 B"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a folder"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "bundle.zip"
    make(path)
    with pytest.raises(BundleError) as caught:
        extract(path, tmp_path)
    assert caught.value.expected == "a bundle"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        extract(tmp_path / "bundle.zip", tmp_path)
    assert str(caught.value).replace(str(tmp_path), "PATH") == snapshot("""\
PATH/bundle.zip: expected a bundle, got No such file or directory
Next: name a file that can be read, and see that temporary files have space\
""")

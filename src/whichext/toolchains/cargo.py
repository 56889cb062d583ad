"""What cargo reads outside of a crate's folder: its workspace, other crates, settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_MANIFEST = "Cargo.toml"
_SETTINGS = (".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain")
_OF_MANIFESTS = frozenset({"path"})  # of a dependency, a patch, a target
_OF_SETTINGS = frozenset({"path", "paths", "directory", "local-registry", "linker", "value"})


def read_besides(path: Path) -> Iterator[Path]:
    """Files and folders that cargo reads because of a manifest, or of a file of its settings."""
    if path.name == _MANIFEST:
        yield from _because_of_manifest(path)
        yield from _settings_above(path.parent)
    elif path.parent.name == ".cargo":
        for stated in _values(_toml(path), _OF_SETTINGS):
            place = Path(os.path.normpath(path.parent.parent / stated))
            if stated and place.exists():
                yield place


def _because_of_manifest(manifest: Path) -> Iterator[Path]:
    """The crate itself, the crates that are paths, and the workspace with all of its members.

    Cargo loads every member before it builds one.
    """
    table = _toml(manifest)
    if "package" in table:
        yield manifest.parent
    for stated in _values(table, _OF_MANIFESTS):
        yield from _crate(Path(os.path.normpath(manifest.parent / stated)))
    root = _workspace_of(manifest)
    if root is not None:
        yield root
        lock = root.with_name("Cargo.lock")
        yield from [lock] * lock.is_file()
        for member in _members(root):
            yield from _crate(member)


def _workspace_of(manifest: Path) -> Path | None:
    """The manifest of the workspace that a crate belongs to, as it says or by where it lies."""
    table = _toml(manifest)
    if "workspace" in table:
        return manifest
    stated = _table(table, "package").get("workspace")
    if isinstance(stated, str):
        root = Path(os.path.normpath(manifest.parent / stated)) / _MANIFEST
        return root if root.is_file() else None
    above = (folder / _MANIFEST for folder in manifest.parent.parents)
    return next((path for path in above if path.is_file() and "workspace" in _toml(path)), None)


def _members(root: Path) -> Iterator[Path]:
    """The folders of a workspace's members; its own where it is a crate as well."""
    table = _toml(root)
    workspace = _table(table, "workspace")
    if "package" in table:
        yield root.parent
    excluded = {Path(os.path.normpath(root.parent / one)) for one in _texts(workspace, "exclude")}
    for pattern in _texts(workspace, "members"):
        above = pattern.startswith((os.pardir, os.sep))  # which a glob cannot be
        found = [root.parent / pattern] if above else sorted(root.parent.glob(pattern))
        normal = (Path(os.path.normpath(folder)) for folder in found)
        yield from (folder for folder in normal if folder not in excluded)


def _crate(folder: Path) -> Iterator[Path]:
    if (folder / _MANIFEST).is_file():
        yield folder


def _settings_above(folder: Path) -> Iterator[Path]:
    """The settings of cargo and rustup in the folders above one, but those of its user."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo").resolve()
    for above in folder.parents:
        for name in _SETTINGS:
            path = above / name
            if path.is_file() and path.parent.resolve() != home:
                yield path


def _values(value: Any, names: frozenset[str]) -> Iterator[str]:
    """The texts under some names in a TOML document, at any depth, alone or in a list."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in names:
                each = inner if isinstance(inner, list) else [inner]
                yield from (text for text in each if isinstance(text, str))
            yield from _values(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, names)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _table(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = table.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    inner = table.get(name)
    return [one for one in inner if isinstance(one, str)] if isinstance(inner, list) else []

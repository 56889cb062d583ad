"""Result files of former schema versions, brought to the present one before they are read.

    version 2 -> 3 -> the present one, 4

In version 2, unknown values were 0 or "", one type of outcome represented five, two fields said how
a contestant takes its thread count, and a profile was only a name. Up to version 3, every case was
one of an array: shape, dtype and layout were its own fields.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from whichext.model.contestant import BY_ENVIRONMENT, Profile
from whichext.toolchains.profiles import find_profile

FORMER_VERSIONS = (2, 3)
"""Versions before the present one, which can still be read."""

_SAMPLE_FIELDS = 7  # an eighth counted forced switches, which nothing reads
_SETTING = re.compile(r"a setting of (?P<toolchain>.+) for (?P<factor>.+)")
_PACKAGES = re.compile(r"the Python packages? (?P<names>.+)")
_OWN = ("name", "summary", "family", "callers", "forked")

Content = dict[str, Any]
"""An object of a result file."""


def upgrade(content: Content) -> Content:
    """The content of a file as the present version has it.

    The judged part of one of version 2 is left out, since it follows from the rest.

    Raises:
        LookupError: Something is missing, or is not what it must be.

    """
    version = content["schema_version"]
    if version not in FORMER_VERSIONS:
        return content
    try:
        raw = _to_version_3(content) if version == 2 else content["raw"]
        raw = {**raw, "cases": [_case(case) for case in raw["cases"]]}
        return {"raw": raw} if version == 2 else {**content, "raw": raw}
    except (LookupError, TypeError, AttributeError) as error:
        what = f"it is not like one of schema version {version} ({type(error).__name__})"
        raise LookupError(what) from error


def _case(content: Content) -> Content:
    """A case with its parameters apart."""
    params = {name: value for name, value in content.items() if name not in _OWN and value}
    return {**{name: content[name] for name in _OWN if name in content}, "params": params}


def _to_version_3(content: Content) -> Content:
    """The `Raw` of a file of version 2."""
    return {
        **_unknown(content, "stopped", "origin", "agreement"),
        "kind": "run" if content.get("raced", True) else "verify",
        "machine": _unknown(content["machine"], "l2_cache_bytes", "l3_cache_bytes"),
        "cases": [_unknown(case, "family", "variant") for case in content["cases"]],
        "sizes": [_unknown(course, "input_bytes") for course in content["courses"]],
        "contestants": [_contestant(one) for one in content["contestants"]],
        "builds": [
            _unknown(_profiled({**build, "result": _outcome(build["result"])}), "took_ns")
            for build in content["builds"]
        ],
        "checks": [_check(*check) for check in content["checks"]],
        "timings": [
            {
                **_unknown(timing, "threads_seen"),
                "samples": [sample[:_SAMPLE_FIELDS] for sample in timing["samples"]],
            }
            for timing in content["timings"]
        ],
        "evidence": [_evidence(one) for one in content.get("evidence", ())],
        "probes": [_probe(one) for one in content.get("watched", ())],
    }


def _unknown(content: Content, *names: str) -> Content:
    """The same with null where one of these fields says 0 or "", or is not there."""
    return {**content, **{name: content.get(name) or None for name in names}}


def _contestant(content: Content) -> Content:
    keyword = content.get("threads_argument") or BY_ENVIRONMENT
    return {
        **_unknown(_profiled(content), "project", "module", "function", "remedy"),
        "threads_by": keyword if content.get("parallel") else None,
    }


def _check(
    contestant: str,
    name: str,
    result: Content,
    took_ns: int = 0,
    looks_at: str = "plain",
    count: int = 1,
    snippet: str = "",
) -> list[Any]:
    return [
        contestant,
        name,
        _outcome(result),
        took_ns or None,
        looks_at,
        count,
        snippet or None,
    ]


def _evidence(content: Content) -> Content:
    return {
        **_profiled(content),
        "compiled": [
            {**compiled, "settings": _unknown(compiled["settings"], "lto")}
            for compiled in content["compiled"]
        ],
        "libraries": [
            {
                **_unknown(library, "functions_unseen", "code_digest"),
                "functions": [_unknown(one, "name") for one in library["functions"]],
            }
            for library in content.get("libraries", ())
        ],
    }


def _probe(content: Content) -> Content:
    """That another thread ran at times is no share of the call; that none ran is one."""
    found = _unknown(content, "import_ns", "threads", "unseen")
    held = found.pop("releases_gil", None) is False
    return {**found, "gil_free": 0.0 if held else None}


def _profiled(content: Content) -> Content:
    """The same with the profile instead of its name."""
    name = content["profile"]
    factor, _, value = name.partition("=")
    # A setting may be of another architecture than this one, which does not list it.
    unlisted = Profile.setting(factor, value) if value else Profile(name)
    return {**content, "profile": msgspec.to_builtins(find_profile(name) or unlisted)}


def _outcome(content: Content) -> Content:
    """Of a build or a check: only the text told kinds of skipping apart."""
    if content["type"] != "Skipped":
        return content
    missing, remedy = content["missing"], content["remedy"]
    if setting := _SETTING.fullmatch(missing):
        return {"type": "NotApplicable", **setting.groupdict()}
    if found := _PACKAGES.fullmatch(missing):
        packages = found["names"].split(", ")
        usual = remedy == f"pip install {' '.join(packages)}"
        return {
            "type": "PackageAbsent",
            "packages": packages,
            "remedy": None if usual else remedy,
        }
    return {"type": "ToolchainAbsent", "what": missing, "remedy": remedy}

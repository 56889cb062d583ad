"""What is asked for: options that are refused before anything is built."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.load.asked import check_options
from whichext.model.errors import UsageError
from whichext.model.options import Options
from whichext.toolchains import zig


def refused(options: Options) -> str:
    with pytest.raises(UsageError) as error:
        check_options(options)
    return str(error.value)


def test_zig_is_asked_for_only_where_its_package_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zig, "find_spec", lambda _: None)
    assert refused(Options(compiler="zig")) == snapshot("""\
compiler="zig": expected the Python package ziglang, got none that is installed
Next: pip install ziglang\
""")


def test_no_other_compiler_can_be_asked_for() -> None:
    assert refused(Options(compiler="gcc")) == snapshot("""\
compiler="gcc": expected "zig", or none for the machine's own
Next: compiler="zig"\
""")

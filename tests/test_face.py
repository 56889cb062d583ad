"""The public face: what may be imported, what that costs, and what its functions give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import whichext
from whichext import tools
from whichext.model.errors import UsageError

RESULT = Path(__file__).parents[1] / "docs" / "results" / "find_max.json"
LATE = (
    *("scipy", "hypothesis", "capstone", "rich", "typer", "psutil", "build", "elftools"),
    *("jinja2", "IPython"),
)
"""Packages that cost time and that a kernel.py which states a question needs none of."""


def modules_after(statement: str) -> set[str]:
    """Names of all modules that a fresh interpreter has after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_whichext_imports_nothing_that_only_a_verb_needs() -> None:
    assert modules_after("import whichext") & {*LATE} == set()


def test_the_plugin_of_pytest_imports_nothing_that_only_a_claim_needs() -> None:
    found = modules_after("import whichext.cli.pytest_plugin")
    assert found & {*LATE, "numpy", "whichext.pipeline", "whichext.report"} == set()


def test_the_help_of_the_command_line_imports_no_stage() -> None:
    named = modules_after("import whichext.cli.app")
    assert (
        named & {"scipy", "hypothesis", "capstone", "whichext.pipeline", "whichext.judge"} == set()
    )


@pytest.mark.parametrize("name", [*whichext.__all__, "tools", "errors"])
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(whichext, name) is not None


@pytest.mark.parametrize("module", ["whichext.tools", "whichext.errors"])
def test_a_public_module_can_be_imported_by_its_name(module: str) -> None:
    assert module in modules_after(f"import {module}")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fastest'"):
        whichext.fastest  # noqa: B018  # the access is what is tested


def test_the_schema_is_a_json_schema_of_results() -> None:
    schema = tools.schema()
    assert {"raw", "judged", "schema_version"} <= set(schema["$defs"]["ResultFile"]["properties"])


@pytest.mark.parametrize("cells", [24, 101])
def test_a_selfcheck_of_too_few_or_too_many_pairs_is_refused(cells: int) -> None:
    with pytest.raises(UsageError, match=f"cells={cells}.*expected 25 to 100 pairs"):
        tools.selfcheck(cells)


def test_options_of_a_race_beside_a_result_are_refused() -> None:
    result = whichext.read(RESULT)
    with pytest.raises(UsageError, match="leave out seed"):
        tools.memo(result, seed=3)


def test_a_memo_of_a_result_is_printed_as_one() -> None:
    memo = tools.memo(whichext.read(RESULT), min_speedup=2)
    assert (memo.kind, memo.judged.decision is not None) == ("memo", True)
    assert "2x" in str(memo)


def test_a_verb_is_no_module_after_the_first_run() -> None:
    import whichext.pipeline

    assert whichext.pipeline.execute is not None
    assert all(callable(getattr(whichext, name)) for name in whichext.__all__)


SHOW = """
import sys
from whichext.cli.main import main
sys.argv = ["whichext", "show", {0!r}, {1!r}, "--to", "markdown"]
try:
    main()
except SystemExit as ended:
    assert not ended.code
"""


def test_showing_a_result_waits_for_nothing_that_disassembles_or_draws(tmp_path: Path) -> None:
    found = modules_after(SHOW.format(str(RESULT), str(tmp_path / "report.md")))
    unneeded = ("altair", "capstone", "jinja2", "pandas", "vl_convert")  # judging needs SciPy
    assert {name for name in unneeded if name in found} == set()


def test_a_program_that_imports_whichext_keeps_its_ctrl_c(tmp_path: Path) -> None:
    package = tmp_path / "theirs"
    package.mkdir()
    (package / "__init__.py").write_text("import whichext\n")
    (package / "__main__.py").write_text(
        "import signal\nprint(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "theirs"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"

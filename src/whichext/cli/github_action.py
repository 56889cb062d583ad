"""The step of the GitHub action: `whichext check` with the inputs of a workflow.

    python -m whichext.cli.github_action

`action.yml` hands its inputs over as variables, so that no text of a workflow becomes a command.
The answer goes to the outputs of the step, and a table of it to the summary of the job.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.cli.main import main as program
from whichext.cli.screen import add_summary
from whichext.cli.wording import SHELL
from whichext.model.claim import ClaimResult, Standing
from whichext.model.errors import UsageError
from whichext.model.inline import unmarked

BROKEN, INVALID = "broken", "invalid"
"""The standings where nothing can be said of the claims, and where an input or a claim cannot be
used."""

_HOLDS, _WRONG, _MISUSE, _NOTHING_BUILT, _UNRESOLVED = 0, 1, 2, 3, 4
_WITH_RESULT = (_HOLDS, _WRONG, _NOTHING_BUILT, _UNRESOLVED)
_PASSES = {"pass": True, "fail": False}


def main(variables: Mapping[str, str]) -> int:
    """Check the claims, write outputs and annotations, and return the exit status of the step."""
    try:
        words = _words(variables)
        passes = _passes(variables["INPUT_UNRESOLVED"].strip())
    except UsageError as error:
        print(_annotation("error", error.text(SHELL)))
        _summarize(variables, error.text(SHELL))
        _put_outputs(variables, (), error.exit_code)
        return error.exit_code
    before = _size_of_summary(variables)
    status = _run(words)
    file = Path(variables["INPUT_OUTPUT"].strip())
    claims = _claims(file) if status in _WITH_RESULT else ()
    for line in _annotations(claims, status):
        print(line)
    if not claims and _size_of_summary(variables) == before:
        _summarize(variables, _unchecked(status))
    _put_outputs(variables, claims, status)
    return _HOLDS if status == _UNRESOLVED and passes else status


def _put_outputs(
    variables: Mapping[str, str], claims: tuple[ClaimResult, ...], status: int
) -> None:
    """Write what later steps can ask for."""
    file = variables["INPUT_OUTPUT"].strip() if claims else ""
    if outputs := variables.get("GITHUB_OUTPUT"):
        with Path(outputs).open("a", encoding="utf-8") as lines:
            lines.write(f"standing={_standing(claims, status)}\nresult={file}\n")


def _summarize(variables: Mapping[str, str], error: str) -> None:
    """Say in the summary of the job why no claim was checked."""
    from whichext.report.claims_tables import refused_summary

    if summary := variables.get("GITHUB_STEP_SUMMARY"):
        add_summary(refused_summary(error), Path(summary))


def _size_of_summary(variables: Mapping[str, str]) -> int:
    summary = Path(variables.get("GITHUB_STEP_SUMMARY") or os.devnull)
    return summary.stat().st_size if summary.exists() else 0


def _unchecked(status: int) -> str:
    return f"no claim was checked: exit status {status}, see the log"


def _words(variables: Mapping[str, str]) -> list[str]:
    """What is typed behind `whichext`."""
    kernel, result = (variables[f"INPUT_{name}"].strip() for name in ("KERNEL", "RESULT"))
    if not kernel:
        raise UsageError(
            "the input kernel", "write kernel: ./FOLDER", expected="a folder, or a built-in name"
        )
    summary = variables.get("GITHUB_STEP_SUMMARY")
    lines = map(str.strip, variables["INPUT_CLAIMS"].splitlines())
    try:
        options = shlex.split(variables["INPUT_OPTIONS"])
    except ValueError as error:
        raise UsageError(
            f"the input options: {error}", 'write options: --max-time 300 --config-setting "a=b c"'
        ) from error
    return [
        *("check", "-o", variables["INPUT_OUTPUT"].strip()),
        *(("--result", result) if result else ()),
        *(("--summary", summary) if summary else ()),
        *options,
        *("--", kernel),
        *filter(None, lines),
    ]


def _passes(unresolved: str) -> bool:
    """Whether the step passes where a claim is unresolved."""
    if unresolved not in _PASSES:
        raise UsageError(
            "the input unresolved", "write unresolved: fail", choices=[*_PASSES], got=unresolved
        )
    return _PASSES[unresolved]


def _run(words: list[str]) -> int:
    """Run the program; its exit status."""
    sys.argv = ["whichext", *words]
    try:
        program()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else _WRONG
    return _HOLDS


def _claims(file: Path) -> tuple[ClaimResult, ...]:
    """The claims of the result; none where an error came before it."""
    from whichext.report import result_file

    return result_file.read(file).judged.claims if file.exists() else ()


def _standing(claims: tuple[ClaimResult, ...], status: int) -> str:
    """What may be said of all together."""
    if any(claim.standing is Standing.REFUTED for claim in claims):
        return Standing.REFUTED
    others = {_HOLDS: Standing.HOLDS, _UNRESOLVED: Standing.UNRESOLVED, _MISUSE: INVALID}
    return others.get(status, BROKEN)


def _annotations(claims: tuple[ClaimResult, ...], status: int) -> Iterator[str]:
    """What the page of the pull request shows: claims that do not hold, with the reasons."""
    from whichext.report.claims import answer_line, why

    for claim in claims:
        if claim.standing is not Standing.HOLDS:
            is_broken = claim.is_broken or status == _NOTHING_BUILT
            is_open = claim.standing is Standing.UNRESOLVED and not is_broken
            line = unmarked(answer_line(claim, " ".join(why(claim))), SHELL)
            yield _annotation("warning" if is_open else "error", line)
    if not claims:
        yield _annotation("error", _unchecked(status))


def _annotation(level: str, text: str) -> str:
    """A command of GitHub's that shows a text, in which it knows three escapes."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} title=whichext::{escaped}"


if __name__ == "__main__":
    sys.exit(main(os.environ))

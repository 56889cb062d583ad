"""The command that machines run, for all options that a run may have."""

from __future__ import annotations

from typing import Any

import pytest

from support.cli import flags_by_command
from whichext.cli.machines.request import Request, words_of
from whichext.model.errors import UsageError
from whichext.model.options import Options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ()),
        ({"cases": ("small", "l*")}, ("--case", "small,l*")),
        ({"threads": (1, 2)}, ("--threads", "1,2")),
        ({"factors": ("isa=native",)}, ("--factor", "isa=native")),
        (
            {"precision": 0.02, "max_time_s": 12.345678},
            ("--precision", "0.02", "--max-time", "12.345678"),
        ),
        (
            {"config_settings": ("a=b,c", "d=e")},
            ("--config-setting", "a=b,c", "--config-setting", "d=e"),
        ),
        ({"memory_limit_bytes": 1_234_567_891}, ("--memory-limit", "1.234567891")),
        ({"isolation": False, "clean_env": True}, ("--no-isolation", "--clean-env")),
    ],
)
def test_an_option_is_typed_there_as_it_was_here(
    options: dict[str, Any], words: tuple[str, ...]
) -> None:
    assert words_of(Options(**options)) == words
    assert {word for word in words if word.startswith("--")} <= flags_by_command()["run"]


def test_a_quick_race_is_a_quick_one_there() -> None:
    assert words_of(Options.quick()) == ("--max-time", "16.8", "--quick")


@pytest.mark.parametrize("options", [{"seed": 1}, {"projects": ("mine@HEAD~1",)}])
def test_what_cannot_be_typed_or_has_no_meaning_there_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        words_of(Options(**options))
    assert caught.value.expected


def test_a_second_try_goes_on_with_the_result_of_the_first() -> None:
    request = Request(
        key="k",
        submission="s",
        name="a",
        machine="a",
        kernel="files/row_sum",
        files=b"",
        words=("--quick",),
    )
    first = ("run", "files/row_sum", "--quick", "-o", "a.json")
    assert request.command(resumes=False) == first
    assert request.command(resumes=True) == (*first, "--resume", "a.json")

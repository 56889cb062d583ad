"""Who races when single settings are asked for or declared."""

from __future__ import annotations

import pytest

from support.contestants import RIVALS, kernel_of, names, only, refusal
from whichext.model.contestant import Profile
from whichext.model.kernel import Entry
from whichext.toolchains.profiles import single_settings


def test_single_settings_race_beside_the_profiles_that_would_have_raced_anyway() -> None:
    settings = ("optimisation=O2", "isa=native")
    assert names(RIVALS, factors=settings, entries=("*.find_max",)) == [
        "numpy",
        "cypy.find_max",
        "cypy.find_max@debug",
        "cypy.find_max@optimisation=O2",
        "cypy.find_max@isa=native",
        "rustpy.find_max",
        "rustpy.find_max@optimisation=O2",
        "rustpy.find_max@isa=native",
    ]


def test_an_entry_may_declare_a_single_setting_as_a_profile() -> None:
    kernel = kernel_of(
        {"cypy": (Entry(function="find_max", profiles=(Profile.setting("isa", "native"),)),)}
    )
    assert names(kernel) == ["numpy", "cypy.find_max@isa=native"]


def test_a_contestant_knows_what_is_idle_in_it_with_one_thread() -> None:
    entry = Entry(function="find_max", idle=("pool",), factors={"pool": "own"})
    assert only(kernel_of({"cypy": (entry,)}), "cypy.find_max").idle == ("pool",)


@pytest.mark.parametrize(
    ("setting", "next_step"),
    [
        ("optimisation=O9", 'factors="optimisation=O'),
        ("order=row", 'give one of these, such as factors="'),
    ],
)
def test_an_unknown_setting_is_refused_with_the_known_ones(setting: str, next_step: str) -> None:
    error = refusal(RIVALS, factors=(setting,))
    assert error.problem.startswith(f'factors="{setting}" is no setting')
    assert error.choices == tuple(profile.name for profile in single_settings())
    assert error.next_step.startswith(next_step)

"""What a claim names, what a race needs for it, and a kernel's list of claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.contestants import make_rivals
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.trials import Trial, in_full, load_claims, race_options, resolve_claim
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.errors import ClaimError, KernelError
from whichext.model.inline import call
from whichext.model.kernel import Kernel
from whichext.model.options import Options

KERNEL = make_rivals()


def trial(text: str, threads: int = 2) -> Trial:
    return resolve_claim(parse_claim(text), KERNEL, threads)


def refusal(text: str) -> ClaimError:
    with pytest.raises(ClaimError) as caught:
        trial(text)
    return caught.value


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("rust.total", "rust.total"),
        ("numpy", "numpy"),
        ("cy.total", "cy.total"),
        ("cy.total@release", "cy.total"),
        ("cy.total@debug", "cy.total@debug"),
        ("cy.total@optimisation=O2", "cy.total@optimisation=O2"),
        ("cy.pool", "cy.pool[2]"),
        ("cy.pool[12]", "cy.pool[12]"),
        ("cy.pool@native", "cy.pool@native[2]"),
        ("cy.pool@optimisation=O2[1]", "cy.pool@optimisation=O2[1]"),
    ],
)
def test_a_contestant_is_named_as_in_reports_or_by_its_entry(written: str, name: str) -> None:
    other = "numpy" if name == "rust.total" else "rust.total"
    assert trial(f"{written} is faster than {other}").names == (name, other)


@pytest.mark.parametrize("other", ["rust.total", "rust.total@release"])
def test_a_claim_of_a_contestant_against_itself_is_refused(other: str) -> None:
    error = refusal(f"rust.total is faster than {other}")
    assert error.what == snapshot("rust.total is compared with itself")
    assert error.claim[error.start :] == other


def test_a_claim_in_full_names_the_same_contestants_on_a_machine_with_more_processors() -> None:
    text = "cy.pool is 2x faster than rust.total on tall"
    there = trial(text, threads=2)
    written = in_full(text, there.names)
    here = trial(written, threads=8)
    assert (here.names, here.cases) == (there.names, there.cases)
    assert trial(text, threads=8).names != there.names


def test_a_claim_about_one_contestant_names_one() -> None:
    assert trial("rust.total reaches 0.9 of the limit").names == ("rust.total",)


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("", ("wide", "tall")),
        (" on tall", ("tall",)),
        (" on 1x9, wide", ("wide", "1x9")),
        (" on sweep", ("1x1", "1x9")),
    ],
)
def test_a_claim_is_about_the_usual_cases_or_those_that_it_names(
    text: str, cases: tuple[str, ...]
) -> None:
    assert trial(f"rust.total is faster than numpy{text}").cases == cases


def test_an_unknown_contestant_is_refused_with_the_nearest_names() -> None:
    error = refusal("rust.total is faster than cy.totl on wide")
    assert str(error) == snapshot(
        """\
there is no contestant 'cy.totl'
  rust.total is faster than cy.totl on wide
                            ^^^^^^^
Next: write cy.total or cy.pool or rust.total; the command whichext list . shows all entries and \
cases\
"""
    )
    assert error.claim[error.start :][: error.length] == "cy.totl"


def test_the_list_of_all_names_is_a_call_with_the_kernels_folder() -> None:
    error = refusal("rust.total is faster than cy.totl")
    assert call("list", str(KERNEL.folder)) in error.marked_next_step


def test_an_unknown_case_is_refused_with_the_nearest_names() -> None:
    error = refusal("rust.total is faster than numpy on tall and weep")
    assert str(error) == snapshot(
        """\
there is no case 'weep'
  rust.total is faster than numpy on tall and weep
                                              ^^^^
Next: write sweep or wide or tall; the command whichext list . shows all entries and cases\
"""
    )


@pytest.mark.parametrize(
    ("name", "problem", "step"),
    [
        ("cy.*", snapshot(""), "write cy."),
        ("cy.total@", snapshot(""), "write cy.total"),
        (
            "cy.total@debgu",
            snapshot(""),
            "write cy.total@debug or ",
        ),
        (
            "cy.total@isa=nativ",
            snapshot(""),
            "write cy.total@isa=native or ",
        ),
        ("cy.total[2]", snapshot(""), "write cy.total;"),
        ("numpy@debug", snapshot(""), "write numpy;"),
        ("limit[1]", snapshot(""), "write "),
    ],
)
def test_what_no_contestant_can_be_called_is_refused(name: str, problem: str, step: str) -> None:
    error = refusal(f"{name} is faster than rust.total")
    assert error.what.partition(": ")[2] == problem
    assert (error.start, error.length) == (0, len(name))
    assert error.next_step.startswith(step)


def raced(*texts: str) -> tuple[list[str], list[str]]:
    """Contestants and cases of the race that claims ask for."""
    options = race_options([trial(text) for text in texts], Options())
    contestants = choose_contestants(KERNEL, options)
    return [c.name for c in contestants], [case.name for case in choose_cases(KERNEL, options)]


def test_a_race_has_who_is_named_and_the_reference_and_the_compared_one_first() -> None:
    assert raced("cy.pool is faster than rust.total on wide") == (
        ["rust.total", "numpy", "cy.pool[2]"],
        ["wide"],
    )


def test_who_is_named_under_other_settings_brings_its_release_along() -> None:
    names, _ = raced("rust.total is faster than cy.total@debug")
    assert names == ["cy.total@debug", "numpy", "cy.total", "rust.total"]


def test_a_parallel_release_comes_along_with_as_many_threads() -> None:
    names, _ = raced("cy.pool@native[3] is faster than numpy")
    assert names == ["numpy", "cy.pool@native[3]", "cy.pool[3]"]


def test_only_the_threads_that_are_named_race() -> None:
    names, _ = raced("cy.pool[1] is slower than cy.pool[12]")
    assert names == ["cy.pool[12]", "numpy", "cy.pool[1]"]


def test_several_claims_share_a_race_and_the_reference_is_its_baseline() -> None:
    assert raced(
        "rust.total is faster than cy.total on wide",
        "cy.total is faster than numpy on tall",
        "cy.pool reaches 0.9 of the limit on tall",
    ) == (["numpy", "cy.total", "cy.pool[2]", "rust.total"], ["wide", "tall"])


def test_claims_that_all_compare_with_one_contestant_have_it_as_baseline() -> None:
    names, _ = raced("rust.total is faster than cy.total", "cy.pool is faster than cy.total")
    assert names[0] == "cy.total"


def test_a_claim_about_the_reference_alone_races_nobody_else() -> None:
    assert raced("numpy reaches 0.5 of the limit on wide") == (["numpy"], ["wide"])


def test_the_contestants_of_a_claim_are_needed_and_those_beside_them_are_not() -> None:
    asked = [trial("rust.total@debug is faster than numpy")]
    assert race_options(asked, Options()).needed == {"rust.total@debug", "numpy"}


def test_the_options_of_time_stay() -> None:
    options = race_options([trial("rust.total is faster than numpy")], Options.quick())
    assert (options.max_time_s, options.min_epochs) == (Options.quick().max_time_s, 5)


KERNELS = Path(__file__).parents[2] / "kernels"


def kernel_with(folder: Path, text: str, kernel: Kernel) -> Kernel:
    """The kernel, in a folder with this list of claims."""
    (folder / "claims.toml").write_text(text, encoding="utf-8")
    return replace(kernel, folder=folder)


def file_refusal(folder: Path, text: str, kernel: Kernel) -> KernelError:
    with pytest.raises(KernelError) as caught:
        load_claims(kernel_with(folder, text, kernel), 2)
    return caught.value


def test_claims_come_in_their_order_with_what_they_name(tmp_path: Path, row_sum: Kernel) -> None:
    text = """
        [[claim]]
        text = "plain_sum.row_sum is 2x faster than numpy on small"
        source = "a talk"
        published = "2.4x"
        note = "on a laptop"

        [[claim]]
        text = "numpy reaches 0.5 of the limit"
    """
    first, second = load_claims(kernel_with(tmp_path, text, row_sum), 2)
    assert (first.source, first.published, first.note) == ("a talk", "2.4x", "on a laptop")
    assert (first.names, first.cases) == (("plain_sum.row_sum", "numpy"), ("small",))
    assert (second.source, second.names) == (None, ("numpy",))


def test_a_kernel_without_a_list_is_refused_with_what_to_write(
    tmp_path: Path, row_sum: Kernel
) -> None:
    with pytest.raises(KernelError) as caught:
        load_claims(replace(row_sum, folder=tmp_path), 2)
    assert str(caught.value).replace(str(tmp_path), "FOLDER") == snapshot("""\
FOLDER/claims.toml: expected a list of claims, got No such file or directory
Next: write it, with text = "A is faster than B" under [[claim]]\
""")


def test_a_list_that_is_no_toml_is_refused(tmp_path: Path, row_sum: Kernel) -> None:
    error = file_refusal(tmp_path, "[[claim]\n", row_sum)
    assert error.problem.startswith(f"{tmp_path / 'claims.toml'}: ")
    assert (error.expected, error.next_step) == ("TOML", "fix that line")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Object missing required field `claim`"),
        ("claim = []", "Expected `array` of length >= 1 - at `$.claim`"),
        ("[[claim]]", "Object missing required field `text` - at `$.claim[0]`"),
        ('[[claim]]\ntext = ""', "Expected `str` of length >= 1 - at `$.claim[0].text`"),
        (
            '[[claim]]\ntext = "x"\nsorce = "y"',
            "Object contains unknown field `sorce` - at `$.claim[0]`",
        ),
        (
            'owner = "me"\n[[claim]]\ntext = "x"',
            "Object contains unknown field `owner`",
        ),
        (
            '[[claim]]\ntext = "x"\npublished = 2',
            "Expected `str`, got `int` - at `$.claim[0].published`",
        ),
    ],
)
def test_a_key_that_is_not_what_it_must_be_is_named_with_its_place(
    tmp_path: Path, row_sum: Kernel, text: str, expected: str
) -> None:
    error = file_refusal(tmp_path, text, row_sum)
    assert error.problem == f"{tmp_path / 'claims.toml'}: {expected}"
    assert error.next_step == snapshot("it takes [[claim]] with text, source, published, note")


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("numpy is quick", "the claim cannot be read: expected faster"),
        ("numpy is faster than nmpy", "there is no contestant"),
    ],
)
def test_a_claim_that_cannot_be_used_is_named_with_its_number(
    tmp_path: Path, row_sum: Kernel, claim: str, problem: str
) -> None:
    good = '[[claim]]\ntext = "numpy reaches 0.5 of the limit"\n'
    error = file_refusal(tmp_path, f'{good}[[claim]]\ntext = "{claim}"\n', row_sum)
    assert error.problem.startswith(f"{tmp_path / 'claims.toml'}: claim 2: {problem}")
    assert error.problem.splitlines()[-2] == f"  {claim}"


def test_a_list_of_claims_does_not_make_another_kernel_of_it(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text((KERNELS / "row_sum" / "kernel.py").read_text())
    before = load_kernel(tmp_path).digest
    (tmp_path / "claims.toml").write_text("")
    assert load_kernel(tmp_path).digest == before

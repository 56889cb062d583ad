"""A kernel's list of claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from whichext.judge.claims.file import load_claims
from whichext.load.kernel import load_kernel
from whichext.model.errors import KernelError
from whichext.model.kernel import Kernel

KERNELS = Path(__file__).parents[2] / "kernels"


def kernel_with(folder: Path, text: str, kernel: Kernel) -> Kernel:
    """The kernel, in a folder with this list of claims."""
    (folder / "claims.toml").write_text(text, encoding="utf-8")
    return replace(kernel, folder=folder)


def refusal(folder: Path, text: str, kernel: Kernel) -> KernelError:
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
    assert (caught.value.problem, caught.value.next_step) == (
        f"{tmp_path / 'claims.toml'}: expected a list of claims, got No such file or directory",
        'write it, with text = "A is faster than B" under [[claim]]',
    )


def test_a_list_that_is_no_toml_is_refused(tmp_path: Path, row_sum: Kernel) -> None:
    error = refusal(tmp_path, "[[claim]\n", row_sum)
    start = f"{tmp_path / 'claims.toml'}: expected TOML, got an error: "
    assert (error.problem.startswith(start), error.next_step) == (True, "fix that line")


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
    error = refusal(tmp_path, text, row_sum)
    assert error.problem == f"{tmp_path / 'claims.toml'}: {expected}"
    assert error.next_step == "it takes [[claim]] with text, source, published, note"


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("numpy is quick", "the claim cannot be read: expected faster"),
        ("numpy is faster than nmpy", "the claim names what is not there: there is no contestant"),
    ],
)
def test_a_claim_that_cannot_be_used_is_named_with_its_number(
    tmp_path: Path, row_sum: Kernel, claim: str, problem: str
) -> None:
    good = '[[claim]]\ntext = "numpy reaches 0.5 of the limit"\n'
    error = refusal(tmp_path, f'{good}[[claim]]\ntext = "{claim}"\n', row_sum)
    assert error.problem.startswith(f"{tmp_path / 'claims.toml'}: claim 2: {problem}")
    assert error.problem.splitlines()[-2] == f"  {claim}"


def test_a_list_of_claims_does_not_make_another_kernel_of_it(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text((KERNELS / "row_sum" / "kernel.py").read_text())
    before = load_kernel(tmp_path).digest
    (tmp_path / "claims.toml").write_text("")
    assert load_kernel(tmp_path).digest == before

"""What a kernel says of calls in place and of classes, and what goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from whichext import strategies
from whichext.load.forms import check_form, fit_entries
from whichext.model.case import Case
from whichext.model.errors import KernelError
from whichext.model.forms import Stateful
from whichext.model.kernel import Entry, Kernel, Project


class Total:
    """Adds up."""

    def add(self, value: float) -> float:
        """The total."""
        return value


def double(values: Any, by: int = 2) -> None:
    """Multiply in place."""
    values *= by


ADD = Stateful(method="add")


def kernel(**told: Any) -> Kernel:
    usual: dict[str, Any] = {
        "question": "How fast?",
        "reference": Total if "stateful" in told else double,
        "inputs": lambda _: ([1.0],),
        "cases": (Case("small"),),
    }
    return Kernel(**{**usual, **told})


def refusal(**told: Any) -> KernelError:
    with pytest.raises(KernelError) as error:
        check_form("mine", kernel(**told))
    assert error.value.next_step
    return error.value


def project(function: str, **told: Any) -> Project:
    return Project(
        name="totals",
        folder=Path("totals"),
        module="totals",
        toolchain="python",
        needs=(),
        entries=(Entry(function=function, **told),),
    )


@pytest.mark.parametrize("mutates", [(), ("values",), ("by", "values"), (0,), ["values"]])
def test_arguments_of_the_reference_may_be_named_or_numbered(mutates: Any) -> None:
    check_form("mine", kernel(mutates=mutates))


def test_a_function_that_takes_anything_may_be_told_any_name() -> None:
    check_form("mine", kernel(reference=lambda *_, **__: None, mutates=("out",)))


@pytest.mark.parametrize(
    ("mutates", "got"),
    [
        ("values", "'values'"),
        (("value",), "'value'"),
        ((2,), "2"),
        ((-1,), "-1"),
        ((1.5,), "1.5"),
        ((True,), "True"),
        (None, "None"),
    ],
)
def test_what_names_no_argument_is_refused(mutates: Any, got: str) -> None:
    error = refusal(mutates=mutates)
    assert (error.what, error.got) == ("mutates", got)


def test_a_misspelt_argument_comes_with_the_one_that_is_meant() -> None:
    assert "'values'" in refusal(mutates=("value",)).next_step


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"stateful": "add"}, "stateful"),
        ({"stateful": ADD, "reference": double}, "reference"),
        ({"stateful": Stateful(method="update")}, "Stateful(method=...)"),
        ({"stateful": Stateful(method="add", init=3)}, "Stateful(init=...)"),  # type: ignore[arg-type]
        ({"stateful": Stateful(method="add", state=3)}, "Stateful(state=...)"),  # type: ignore[arg-type]
        ({"stateful": ADD, "mutates": ("value",)}, "mutates"),
        ({"stateful": ADD, "bytes_moved": lambda _: 8}, "bytes_moved"),
        ({"stateful": ADD, "arguments": {"value": strategies.floats()}}, "arguments"),
        ({"stateful": ADD, "cases": (Case("many", callers=4),)}, "callers"),
        ({"mutates": ("values",), "cases": (Case("many", callers=4),)}, "callers"),
    ],
)
def test_what_does_not_go_together_is_refused(told: dict[str, Any], what: str) -> None:
    if "reference" not in told and "stateful" in told:
        told = {**told, "reference": Total}
    assert refusal(**told).what == what


def test_a_class_with_its_method_is_taken() -> None:
    state = Stateful(method="add", init=lambda case: (case.n,), state=vars)
    check_form("mine", kernel(stateful=state, arguments=strategies.lists(strategies.floats())))


@pytest.mark.parametrize("function", ["Total", "Total.add"])
def test_an_entry_names_the_class_or_its_method(function: str) -> None:
    fitted = fit_entries(kernel(stateful=ADD), project(function))
    assert [entry.function for entry in fitted.entries] == ["Total"]


def test_an_entry_with_another_method_is_refused() -> None:
    with pytest.raises(KernelError) as error:
        fit_entries(kernel(stateful=ADD), project("Total.update"))
    assert error.value.next_step == 'write function = "Total"'


def test_a_method_of_a_kernel_of_functions_is_refused_with_what_a_class_needs() -> None:
    with pytest.raises(KernelError) as error:
        fit_entries(kernel(), project("Total.add"))
    assert "stateful=Stateful(" in error.value.next_step


def test_functions_are_called_from_any_thread() -> None:
    with pytest.raises(KernelError) as error:
        fit_entries(kernel(), project("total", single_threaded="unsendable"))
    assert error.value.what == "single_threaded"


def test_a_class_may_be_single_threaded() -> None:
    told = project("Total", single_threaded="unsendable")
    (entry,) = fit_entries(kernel(stateful=ADD), told).entries
    assert entry.single_threaded == "unsendable"

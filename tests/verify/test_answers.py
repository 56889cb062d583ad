"""The reference's answers to drawn inputs: from a process of its own, and each asked for once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from support.contestants import write_contestant, write_kernel
from support.processes import PATIENCE_S, Hired, hired, verified
from whichext.load.packing import pack
from whichext.model.check import Property
from whichext.model.errors import KernelError
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Wrong
from whichext.verify.answers import References
from whichext.verify.in_worker import Expected, NotMade

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def row_of(*values: float) -> bytes:
    """The arguments of a call on a table of one row."""
    return pack((np.array([values], np.float64),))


@pytest.fixture
def crew(faulty: Kernel) -> Iterator[Hired]:
    """A crew of the kernel whose contestants find maxima of rows."""
    with hired(faulty) as staff:
        staff.crew.prepare_nasty()
        yield staff


def test_an_input_is_answered_by_the_reference(crew: Hired) -> None:
    found = References(crew.crew, PATIENCE_S).ask(row_of(3.0, 7.0))
    assert isinstance(found, Expected)
    assert (pickle.loads(found.answer), found.refusal, found.is_view) == ([7.0], None, False)


def test_what_the_reference_refuses_comes_with_its_reason(crew: Hired) -> None:
    found = References(crew.crew, PATIENCE_S).ask(row_of())
    assert isinstance(found, Expected)
    assert found.refusal is not None
    assert found.refusal.startswith("the reference raises ValueError")


def test_an_answer_is_asked_for_once(crew: Hired) -> None:
    references = References(crew.crew, PATIENCE_S)
    first = references.ask(row_of(3.0))
    references.close()
    assert references.ask(row_of(3.0)) is first
    assert crew.host.children() == []


def test_after_a_break_another_process_answers(crew: Hired) -> None:
    references = References(crew.crew, PATIENCE_S)
    references.close()
    assert isinstance(references.ask(row_of(3.0)), Expected)
    assert len(crew.host.children()) == 1
    references.close()
    assert crew.host.children() == []


@pytest.mark.parametrize("reference", ["__import__('os').abort()", "__import__('signal').pause()"])
def test_a_reference_that_gives_no_answer_is_its_authors_to_fix(
    tmp_path: Path, reference: str
) -> None:
    kernel = write_kernel(tmp_path, reference=f"return {reference} if len(values) == 1 else 4.0")
    with hired(kernel) as staff:
        references = References(staff.crew, 0.5)
        assert references.ask(pack((np.zeros(1),))) == NotMade()
        assert references.ask(pack((np.zeros(2),))) == NotMade()
        with pytest.raises(KernelError) as caught:
            references.close()
    assert caught.value.where == kernel.name
    assert "values = np.array([0.0], 'float64')" in caught.value.what


def test_a_contestant_that_changes_how_its_process_counts_does_not_change_the_reference(
    tmp_path: Path,
) -> None:
    kernel = write_kernel(tmp_path, reference="return float(np.size(values))")
    code = "import numpy as np\nnp.size = lambda _: 5\ndef run(v): return float(np.size(v))\n"
    one = write_contestant(tmp_path, code)
    options = Options(time_limit_s=PATIENCE_S, thorough=True)
    checks = verified(kernel, (one,), {one.name: tmp_path}, (), options)
    (drawn,) = (c.result for c in checks if c.property is Property.DRAWN)
    assert isinstance(drawn, Wrong)
    assert drawn.got == "float 5.0"

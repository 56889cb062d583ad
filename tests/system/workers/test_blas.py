"""BLAS's own threads: only for who may need them, since those of OpenBLAS spin while idle."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import threadpoolctl

from support.contestants import case_of, write_contestant, write_kernel
from support.processes import PATIENCE_S, hired, outcome_of
from whichext.model.outcome import Unsupported

pytestmark = [pytest.mark.slow, pytest.mark.processes]

TELLS = """
    import threadpoolctl

    def run(values, **threads):
        pools = threadpoolctl.threadpool_info()
        raise ValueError({pool["num_threads"] for pool in pools if pool["user_api"] == "blas"})
"""


@pytest.mark.skipif(
    not any(pool["user_api"] == "blas" for pool in threadpoolctl.threadpool_info()),
    reason="NumPy's BLAS tells nothing of its threads here",
)
@pytest.mark.parametrize(
    ("threads_by", "blas_threads"), [("environment", 2), ("threads", 1), (None, 1)]
)
def test_blas_has_the_threads_of_who_gets_them_by_the_environment_alone(
    tmp_path: Path, threads_by: str | None, blas_threads: int
) -> None:
    written = msgspec.structs.replace(
        write_contestant(tmp_path, TELLS, threads=2), threads_by=threads_by
    )
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        worker = staffed.crew.spawn(written, tmp_path, "whichext.verify.in_worker", PATIENCE_S)
        told = outcome_of(worker, "one")
    assert told == Unsupported(f"ValueError: {{{blas_threads}}}")

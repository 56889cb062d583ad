"""A reference with a pool of threads, and contestants that use the same pool after a fork."""

from __future__ import annotations

import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from support.contestants import REFERENCE, case_of, write_kernel
from support.processes import PATIENCE_S, hired, outcome_of
from whichext.load.kernel import load_kernel
from whichext.model.kernel import Kernel
from whichext.model.outcome import Right

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"
POOL = """
    from concurrent.futures import ThreadPoolExecutor

    POOL = ThreadPoolExecutor(2)

    def total(values):
        return float(POOL.submit(values.sum).result())
"""
OPENMP = """
    import ctypes

    LIBRARY = ctypes.CDLL({library!r})
    LIBRARY.total.restype = ctypes.c_double

    def total(values):
        values = np.ascontiguousarray(values, float)
        pointer = values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        return LIBRARY.total(pointer, ctypes.c_long(values.size))
"""
LOOP = """
    double total(const double *values, long n) {
        double sum = 0;
        #pragma omp parallel for reduction(+:sum) num_threads(2)
        for (long i = 0; i < n; i++) sum += values[i];
        return sum;
    }
"""


def kernel_of(folder: Path, code: str) -> Kernel:
    """A kernel whose reference is the function `total` of this code."""
    written = write_kernel(folder, reference="return total(values)")
    path = written.folder / "kernel.py"
    path.write_text(f"{path.read_text('utf-8')}\n{textwrap.dedent(code)}", "utf-8")
    return load_kernel(written.folder)


def with_openmp(folder: Path) -> str:
    """Code whose function runs in the pool of GCC's OpenMP."""
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    source, library = folder / "total.c", folder / "total.so"
    source.write_text(LOOP, "utf-8")
    command = ["gcc", "-O1", "-fopenmp", "-shared", "-fPIC", str(source), "-o", str(library)]
    subprocess.run(command, check=True)
    return OPENMP.format(library=str(library))


@pytest.mark.parametrize("pool", ["python", "openmp"])
def test_contestants_do_not_hang_that_use_the_pool_of_the_reference(
    tmp_path: Path, pool: str
) -> None:
    kernel = kernel_of(tmp_path, with_openmp(tmp_path) if pool == "openmp" else POOL)
    with hired(kernel) as staffed:
        staffed.crew.prepare_nasty()
        staffed.crew.prepare(case_of(kernel, "one"))
        worker = staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)
        assert outcome_of(worker, "one") == Right()
        assert staffed.host.num_threads() == 1

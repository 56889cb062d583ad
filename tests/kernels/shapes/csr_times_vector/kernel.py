"""csr_times_vector: a sparse matrix by its parts, and a vector that is as long as it is wide."""

import numpy as np

from whichext import Case, Kernel, strategies


@strategies.composite
def arguments(draw):
    """Parts of a matrix and a vector."""
    width = strategies.length(1, 20)
    data, indices, indptr, _ = draw(strategies.csr("int64", columns=width))
    return data, indices, indptr, draw(strategies.array(dtypes="int64", shape=(width,)))


def reference(data, indices, indptr, vector):
    """The product; shapes (n,), (n,), (n_rows + 1,) and (n_columns,) -> (n_rows,)."""
    products = np.concatenate(([0], np.cumsum(data * vector[indices])))
    return products[indptr[1:]] - products[indptr[:-1]]


def inputs(case):
    rng = np.random.default_rng(0)
    indptr = np.arange(0, 3 * case.n + 1, 3, dtype=np.int32)
    indices = rng.integers(0, case.n, 3 * case.n).astype(np.int32)
    data, vector = rng.integers(-9, 9, 3 * case.n), rng.integers(-9, 9, case.n)
    return data, indices, indptr, vector


KERNEL = Kernel(
    question="How fast is a sparse matrix multiplied by a vector?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    arguments=arguments(),
    operations=lambda case: 6 * case.n,
    cases=(Case("small", n=50),),
)

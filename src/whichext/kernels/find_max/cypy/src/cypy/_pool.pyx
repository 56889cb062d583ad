# cython: freethreading_compatible=True, cdivision=True
"""Threads that share out one block: started when first needed, kept, asleep between calls.

CPython's own threads and locks, in C and without the GIL. A call is a job in pieces; whoever is
free takes the next one, the caller too, so nobody waits for a thread that was late to wake up.
"""

import os

from libc.stdlib cimport free, malloc

from cypy._block cimport block_t, reduce_t
from cypy._tuning cimport COLUMNS_PER_LINE, COLUMNS_PER_PIECE, PIECES_PER_THREAD

# As cpython.pythread has them, but without the GIL.
# SAFETY: nogil. CPython's thread functions touch no object; it calls them without the GIL itself.
cdef extern from "pythread.h" nogil:
    ctypedef void *PyThread_type_lock
    enum:
        WAIT_LOCK
        NOWAIT_LOCK
    unsigned long PYTHREAD_INVALID_THREAD_ID
    unsigned long PyThread_start_new_thread(void (*)(void *) noexcept nogil, void *)
    PyThread_type_lock PyThread_allocate_lock()
    void PyThread_free_lock(PyThread_type_lock)
    int PyThread_acquire_lock(PyThread_type_lock, int)
    void PyThread_release_lock(PyThread_type_lock)

# SAFETY: nogil. These are instructions of the compiler's own (gcc, clang).
cdef extern from * nogil:
    Py_ssize_t __atomic_fetch_add(Py_ssize_t *, Py_ssize_t, int)
    Py_ssize_t __atomic_sub_fetch(Py_ssize_t *, Py_ssize_t, int)
    int __ATOMIC_RELAXED
    int __ATOMIC_ACQ_REL

cdef enum:
    LINE_BYTES = 64


# One call. The caller and every helper hold it; the last to leave frees it.
ctypedef struct job_t:
    const block_t *block      # the caller's, valid while a piece is unfinished
    reduce_t reduce
    char *partial             # a row of results per piece when the rows are split, else NULL
    Py_ssize_t partial_bytes  # from one such row to the next
    Py_ssize_t extent         # rows or columns in a piece, but for the last
    Py_ssize_t pieces
    Py_ssize_t taken          # these change under way: atomic
    Py_ssize_t unfinished
    Py_ssize_t holders
    PyThread_type_lock done   # held until the last piece is finished


# A sleeping thread of the pool, or one with a job.
ctypedef struct helper_t:
    PyThread_type_lock wake  # held while there is nothing to do
    job_t *job
    helper_t *next_idle


# SAFETY: both are read and written by the holder of `guard` alone.
cdef PyThread_type_lock guard = NULL
cdef helper_t *idle = NULL


def _forget_helpers():
    """After a fork: the child has none of the threads, and another one may have held the lock."""
    global guard, idle
    guard = PyThread_allocate_lock()
    if guard == NULL:
        raise MemoryError("cypy could not allocate the lock of its thread pool")
    idle = NULL


_forget_helpers()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_helpers)


cdef void reduce_in_parallel(const block_t *block, reduce_t reduce, int threads) noexcept nogil:
    # SAFETY: nogil. Here and below there are no Python objects; the block stays the caller's, who
    # comes back only when `done` says that no piece is left.
    cdef job_t *job = new_job(block, reduce, threads)
    cdef block_t partials
    if job == NULL:  # no memory: it needs none to do without help
        reduce(block)
        return
    call_helpers(job, threads - 1)
    work_on(job)
    PyThread_acquire_lock(job.done, WAIT_LOCK)
    if job.partial != NULL:
        # SAFETY: every piece has written its n_columns elements, at LINE_BYTES boundaries.
        partials = block[0]
        partials.first = job.partial
        partials.n_rows = job.pieces
        partials.row_stride = job.partial_bytes
        partials.column_stride = block.itemsize
        reduce(&partials)
    leave(job)


# Columns are shared out where there are enough of them, else rows, whose pieces need room for their
# results; rows also where they are the more numerous in C order, since pieces of columns would be
# too short runs of addresses there.
cdef job_t *new_job(const block_t *block, reduce_t reduce, int threads) noexcept nogil:
    # SAFETY: whatever malloc gives is checked before it is used, and sizes are small beside the
    # block's own, which fit a Py_ssize_t.
    cdef Py_ssize_t wanted = threads * <Py_ssize_t>PIECES_PER_THREAD
    cdef bint in_rows = block.row_stride > block.column_stride
    cdef Py_ssize_t least_columns = COLUMNS_PER_LINE if in_rows else COLUMNS_PER_PIECE
    cdef bint by_rows = block.n_columns < wanted * least_columns or (
        in_rows and block.n_rows > block.n_columns
    )
    cdef Py_ssize_t length = block.n_rows if by_rows else block.n_columns
    cdef Py_ssize_t grain = COLUMNS_PER_LINE if in_rows and not by_rows else 1
    cdef Py_ssize_t row_bytes = block.n_columns * block.itemsize
    cdef job_t *job = <job_t *>malloc(sizeof(job_t))  # SAFETY: as above
    if job == NULL:
        return NULL
    job.block = block
    job.reduce = reduce
    job.extent = ((length + wanted - 1) // wanted + grain - 1) // grain * grain
    job.pieces = (length + job.extent - 1) // job.extent
    job.taken = 0
    job.unfinished = job.pieces
    job.holders = 1
    job.partial_bytes = (row_bytes + LINE_BYTES - 1) // LINE_BYTES * LINE_BYTES
    job.partial = <char *>malloc(job.pieces * job.partial_bytes) if by_rows else NULL
    job.done = PyThread_allocate_lock()
    if job.done == NULL or (by_rows and job.partial == NULL):
        leave(job)
        return NULL
    PyThread_acquire_lock(job.done, NOWAIT_LOCK)
    return job


cdef void leave(job_t *job) noexcept nogil:
    # SAFETY: whoever counts down to 0 is the last that has the pointer.
    if __atomic_sub_fetch(&job.holders, 1, __ATOMIC_ACQ_REL) > 0:
        return
    if job.done != NULL:
        PyThread_free_lock(job.done)
    free(job.partial)
    free(job)


cdef void work_on(job_t *job) noexcept nogil:
    # SAFETY: the caller of work_on is one of the job's holders. Each piece is taken once.
    cdef Py_ssize_t piece = __atomic_fetch_add(&job.taken, 1, __ATOMIC_RELAXED)
    while piece < job.pieces:
        reduce_piece(job, piece)
        # Release: the caller, woken by the last to finish, sees what all of them wrote.
        if __atomic_sub_fetch(&job.unfinished, 1, __ATOMIC_ACQ_REL) == 0:
            PyThread_release_lock(job.done)
        piece = __atomic_fetch_add(&job.taken, 1, __ATOMIC_RELAXED)


cdef void reduce_piece(job_t *job, Py_ssize_t piece) noexcept nogil:
    # SAFETY: the caller waits for this piece, so its block is there. Pieces start within the
    # block and end there at the latest; no two share an element of `out` or a row of `partial`.
    cdef block_t part = job.block[0]
    cdef Py_ssize_t start = piece * job.extent
    if job.partial != NULL:
        part.n_rows = min(job.extent, part.n_rows - start)
        part.first += start * part.row_stride
        part.out = job.partial + piece * job.partial_bytes
    else:
        part.n_columns = min(job.extent, part.n_columns - start)
        part.first += start * part.column_stride
        part.out += start * part.itemsize
    job.reduce(&part)


# Up to `wanted` helpers for the job: idle ones, then new ones; fewer if no thread can be started.
cdef void call_helpers(job_t *job, int wanted) noexcept nogil:
    # SAFETY: a helper off the list is this thread's alone until its `wake` is released.
    cdef helper_t *helper
    global idle
    while wanted > 0:
        PyThread_acquire_lock(guard, WAIT_LOCK)
        helper = idle
        if helper != NULL:
            idle = helper.next_idle
        PyThread_release_lock(guard)
        if helper == NULL:
            helper = new_helper()
        if helper == NULL:
            return
        __atomic_fetch_add(&job.holders, 1, __ATOMIC_RELAXED)
        helper.job = job
        PyThread_release_lock(helper.wake)
        wanted -= 1


cdef helper_t *new_helper() noexcept nogil:
    # SAFETY: malloc's and the lock's results are checked; nobody else has the helper yet.
    cdef helper_t *helper = <helper_t *>malloc(sizeof(helper_t))
    if helper == NULL:
        return NULL
    helper.wake = PyThread_allocate_lock()
    if helper.wake != NULL:
        PyThread_acquire_lock(helper.wake, NOWAIT_LOCK)
        if PyThread_start_new_thread(help_for_ever, helper) != PYTHREAD_INVALID_THREAD_ID:
            return helper
        PyThread_free_lock(helper.wake)
    free(helper)
    return NULL


# A thread's whole life. It touches no Python object, so it may outlive the interpreter.
cdef void help_for_ever(void *argument) noexcept nogil:
    # SAFETY: new_helper gave its helper away to this thread, which never frees it.
    cdef helper_t *helper = <helper_t *>argument
    global idle
    while True:
        PyThread_acquire_lock(helper.wake, WAIT_LOCK)
        work_on(helper.job)
        leave(helper.job)
        PyThread_acquire_lock(guard, WAIT_LOCK)
        helper.next_idle = idle
        idle = helper
        PyThread_release_lock(guard)

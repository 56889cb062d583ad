"""Every kind of finding of an audit; some stand for both of their severities."""

from __future__ import annotations

from whichext.model.evidence import PythonCause
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    FactorContradicted,
    Finding,
    GilHeld,
    Group,
    LeavesThreads,
    NotOptimised,
    ObjectsUnseen,
    OpenMpMissing,
    ProcessChanged,
    PythonInLoop,
    RemembersContent,
    Sanitized,
    SetByEnvironment,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeMath,
    UnlikeOptimisation,
    UnsafeUnexplained,
    WorksOn,
    WritesOutput,
)
from whichext.model.process import Moment, Output, ProcessChange, Shared

EVERY_FINDING: tuple[Finding, ...] = (
    FactorContradicted(contestants=("cy.rows",), factor="isa", declared="avx2", seen="no flag"),
    NotOptimised(contestants=("cy.find@debug",), told="-O3 -O0", sources=("a.c",), declared=True),
    NotOptimised(
        contestants=("cy.rows",),
        told="",
        sources=(),
        declared=False,
        beside=(Group("-O3", ("rs", "rs @native")),),
    ),
    UnlikeOptimisation(groups=(Group("-O3", ("cy",)), Group("-O2", ("rs",)))),
    UnlikeIsa(groups=(Group("avx512f", ("cy",)), Group("no flag", ("rs", "zig")))),
    UnlikeCompiler(groups=(Group("gcc 12", ("cy",)), Group("clang 19", ("c",))), one_language=True),
    UnlikeCompiler(
        groups=(Group("gcc 12", ("cy",)), Group("rustc 1", ("rs",))), one_language=False
    ),
    OpenMpMissing(contestants=("cy.rows[2]",), asked_by=("rows.pyx", "factors.pool")),
    Sanitized(contestants=("rs.tiles",), sanitizers=("address",)),
    PythonInLoop(
        build="cy",
        function="find",
        contestants=("cy.find",),
        lines=("find.pyx:7", "find.pyx:8"),
        calls=("PyObject_GetItem",),
    ),
    PythonInLoop(build="cy", function="helper", contestants=(), lines=("h.pyx:1",), calls=("f",)),
    SettingWithoutEffect(build="cy @native", release="cy"),
    DebugSymbolsCounted(build="cy", files=("cy.so",), debug_bytes=20_000, file_bytes=100_000),
    CompilerUnseen(build="rs", needs=("cargo", "cc")),
    UnlikeMath(groups=(Group("strict", ("cy",)), Group("fast", ("c",)))),
    ObjectsUnseen(build="cy", contestants=("cy.find",), files=("loop.o",)),
    ObjectsUnseen(build="cy", contestants=("cy.find",), files=("loop.o", "libfast.a")),
    GilHeld(contestants=("cy.find", "cy.rows")),
    GilHeld(contestants=("cy.tiles",), free=0.04),
    WorksOn(contestants=("cy.find",), after_ns=20_000_000, call_ns=5_000_000),
    ProcessChanged(
        contestants=("cy.find", "cy.rows"),
        change=ProcessChange(
            state=Shared.SUBNORMALS,
            moment=Moment.IMPORT,
            what="arguments kept -> taken for 0, results kept -> flushed to 0",
        ),
    ),
    ProcessChanged(
        contestants=("rs",),
        change=ProcessChange(
            state=Shared.NUMPY_ERRORS, moment=Moment.CALL, what="divide warn -> ignore"
        ),
    ),
    WritesOutput(
        contestants=("rs",), output=Output(first_bytes=63, later_bytes=20_000, line="row 1 of 9")
    ),
    LeavesThreads(contestants=("rs",), threads_a_call=1.0),
    RemembersContent(contestants=("cy.find",)),
    UnsafeUnexplained(build="rs", places=7, unexplained=("lib.rs:3", "lib.rs:9")),
    PythonInLoop(
        build="cy",
        function="helper",
        contestants=("cy.find",),
        lines=("h.pyx:4",),
        calls=("PyObject_Call",),
        texts=("s += np.abs(v)",),
        causes=(PythonCause.MODULE, PythonCause.INDEX),
    ),
    NotOptimised(
        contestants=("cy.rows",),
        told="-O0",
        sources=(),
        declared=False,
        inherited=("CFLAGS=-O0",),
    ),
    SetByEnvironment(
        contestants=("cy.rows",), variables=("CFLAGS=-O0",), builds=("cy",), others=("rs",)
    ),
    SetByEnvironment(
        contestants=("rs.tiles",),
        variables=("RUSTFLAGS=-Copt-level=1", "LDFLAGS=-s"),
        builds=("rs",),
        others=(),
    ),
)

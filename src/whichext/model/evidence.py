"""What was really built: the compiler settings of the code that is in a wheel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from whichext.model.contestant import RELEASE, Contestant, Factor, Profile
from whichext.model.process import Output, ProcessChange, Processes

NOT_KNOWN = "not known"
"""The value of a setting that counts and was not seen: it may be any."""


class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True, order=True):
    """The settings of a compiler call."""

    language: str
    """What it compiled, as its toolchain names it."""
    compiler: str
    """Which one, with its version."""
    level: str
    """The optimisation level that counts: "0", "1", "2", "3", "s", "z", "g" or "fast"."""
    told: str
    """All flags for the level, in order, such as "-O3 -O0"; "" for no flag at all."""
    isa: tuple[str, ...]
    """Instructions beyond the least of the architecture: "native", "avx2", "x86-64-v3"."""
    openmp: bool
    """Whether OpenMP was on."""
    debug_symbols: bool
    """Whether symbols for a debugger were asked for."""
    lto: str | None
    """Optimisation when linking: "fat", "thin" or "on"; None without it."""
    sanitizers: tuple[str, ...]
    """Checkers compiled into the code, such as "address"."""
    further: tuple[Factor, ...] = ()
    """Further settings that may change results or times, such as "math: fast", sorted by name; in
    results of older versions none."""

    def value_of(self, factor: str) -> str | None:
        """The value of a further setting; None where its toolchain has none of that name."""
        return next((one.value for one in self.further if one.name == factor), None)


class Compiled(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sources that were compiled alike, and whose code is in the wheel."""

    settings: Settings
    """How."""
    sources: tuple[str, ...]
    """File names, and names of crates."""


class Function(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A function that computes on several values at once."""

    name: str | None
    """As its author wrote it, after the module where that is known; None for all code of a
    library whose names were stripped."""
    width_bits: int
    """Width of the widest vectors that it computes on, bits; its hot loop may use less."""
    instructions: int
    """How many instructions of that width compute, not counting moves; over all its copies."""


class Library(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A compiled library in a wheel, as its file says."""

    file: str
    """Its file name."""
    file_bytes: int
    """Size of the file, bytes."""
    stripped_bytes: int
    """Size without symbols, for a debugger or a linker, bytes."""
    debug_bytes: int
    """Size of the symbols for a debugger, bytes."""
    needs: tuple[str, ...]
    """Shared libraries that the system loads along with it."""
    functions: tuple[Function, ...]
    """Functions of the project's own that compute on vectors, the widest first."""
    functions_unseen: str | None = None
    """Why its functions could not be looked at; None where they were."""
    code_digest: str | None = None
    """Hash of its machine code; None where it was not seen."""


class PythonCause(StrEnum):
    """Why a compiled line calls Python, on which the cure depends."""

    MODULE = "module"
    """A function of a Python module is called, though the values are compiled ones."""
    ARRAY = "array"
    """A function of a Python module is called on an array, a part of one, or an object."""
    BUILTIN = "builtin"
    """A function of Python's own is called that the compiler has no other code for."""
    IMPORTED = "imported"
    """A compiled function of the project's own is called as Python would, since it is imported."""
    OWN_FUNCTION = "own function"
    """A compiled function of the project's own is called as Python would call it."""
    ATTRIBUTE = "attribute"
    """An attribute of a Python object is read or called."""
    INDEX = "index"
    """An object is indexed as Python does it."""
    APPEND = "append"
    """An object is appended to a list."""
    COMPREHENSION = "comprehension"
    """A comprehension or a generator makes an object of each item."""
    ITERATION = "iteration"
    """A loop takes each item from a Python object."""
    ERROR_CHECK = "error check"
    """After each call of a function it is asked, under the GIL, whether there was an error."""
    TYPE = "type"
    """The type of a value is not declared, or nothing more is known."""


class PythonLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a compiled language that calls Python each time that a loop comes to it."""

    file: str
    """The file, from the project's folder."""
    line: int
    """Number of the line, from 1."""
    function: str
    """Name of the function that it is in; of a method, after that of its class."""
    calls: tuple[str, ...]
    """What it calls of Python's C API, or of its compiler's on top of it."""
    text: str = ""
    """The line itself, without the white space around it; "" where it was not kept."""
    cause: PythonCause = PythonCause.TYPE
    """Why it calls Python."""
    functions: tuple[str, ...] = ()
    """Names of the functions of which one call runs it again and again, its own or those that call
    that; empty for its own alone."""
    outer: tuple[str, ...] = ()
    """Names of those of them for which that is in an outer loop, such as one over rows with one
    over columns in it, or one beside these: what is nested runs more often."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def is_repeated_by(self, contestant: Contestant) -> bool:
        """Whether one call of a contestant runs it again and again."""
        return contestant.called in (self.functions or (self.function,))

    def is_outer_for(self, contestant: Contestant) -> bool:
        """Whether what a call of a contestant runs most often is in loops inside of its loop."""
        return contestant.called in self.outer


class Code(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one call of a function runs, as its source says."""

    function: str
    """Its name."""
    digest: str
    """A hash: that of another one is the same if the two differ in nothing but types, imports,
    casts, and where a function that they call is from."""


class UnsafePlaces(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a project does what its compiler does not check, although it checks the rest."""

    places: int
    """Blocks, functions, implementations and foreign items that are marked unsafe."""
    unexplained: tuple[str, ...]
    """Those of them without a comment SAFETY: (or a section # Safety), as "file:line"."""


class Compiling(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it takes that an entry is compiled when it is called, in fresh processes.

    Each time is that of the import and the first call, without the import of its toolchain.
    """

    compile_ns: int
    """Time where nothing is kept of an earlier process, ns."""
    load_ns: int | None = None
    """Time in the next process, which loads what that one kept, ns; None where it kept nothing."""
    code_digest: str | None = None
    """Hash of the assembly of all that was compiled; None where it was not seen."""


class Probe(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen of a contestant when it was imported and called before the race."""

    contestant: str
    """Its name."""
    import_ns: int | None = None
    """Wall time of the import in a process that has NumPy, ns; None where it did not import."""
    gil_free: float | None = None
    """Share of a call in which another thread's Python could run, from 0 to 1; None where that
    was not seen."""
    threads: int | None = None
    """Threads that were busy during its calls; None where that was not seen."""
    remembers: bool | None = None
    """Whether calls on what it had seen before took a third of the time; None where not seen."""
    unseen: str | None = None
    """Why the share was not seen; None where it was."""
    cpu_ns: int | None = None
    """Processor time of a call, all threads, ns; None where it did not answer."""
    after_ns: int | None = None
    """Processor time after a call had returned, ns, without what an idle pool of threads spins."""
    threads_left: int | None = None
    """Threads after all calls that were not there before the import, pools included."""
    threads_a_call: float | None = None
    """Threads that each call left, on average, once the first calls had been made."""
    files_a_call: float | None = None
    """Files that each call left open, on average, once the first calls had been made."""
    files_kept: int | None = None
    """Files that calls opened, the first one too, and that were still open after all of them."""
    processes: Processes | None = None
    """Processes that it started; None for none, and where the system does not tell."""
    output: Output | None = None
    """What its import and its calls wrote; None for nothing."""
    changes: tuple[ProcessChange, ...] = ()
    """What it changed in its process."""
    compiling: Compiling | None = None
    """What compiling it takes; None where its build does so, and where it was not seen."""
    of_objects: bool = False
    """Whether it is a class: then a call is here a new object that is given a whole stream."""


class Unseen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that an audit could not look at."""

    what: str
    """What."""
    reason: str
    """Why not."""
    hides_loops: bool = False
    """Whether it leaves open what is called in loops."""


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of how a project was compiled under a profile."""

    project: str
    """Name of the project's folder."""
    profile: Profile
    """The compiler settings."""
    compiled: tuple[Compiled, ...]
    """Every way in which some of its sources were compiled; empty where no compiler was seen."""
    tag: str
    """Where its wheel fits: Python, ABI and platform, such as "cp312-cp312-linux_x86_64"."""
    libraries: tuple[Library, ...] = ()
    """The compiled libraries in the wheel."""
    python_lines: tuple[PythonLine, ...] = ()
    """Lines in its loops that call Python."""
    codes: tuple[Code, ...] = ()
    """What its functions run; empty where that cannot be compared."""
    unsafe: UnsafePlaces | None = None
    """Its unsafe places; None where it has no language that marks them."""
    unseen: tuple[Unseen, ...] = ()
    """What could not be looked at, and why."""
    contributors: tuple[Factor, ...] = ()
    """Packages and crates that generate or contribute code, each with its version."""
    said: tuple[Factor, ...] = ()
    """Settings that the project's own files say, such as "bounds: unchecked"."""
    unseen_objects: tuple[str, ...] = ()
    """Files with code in its libraries, and libraries, that no recorded call made."""
    inherited: tuple[str, ...] = ()
    """Variables of the user's environment that had a say in it, as "NAME=value"."""
    called: Mapping[str, str] = {}
    """Hash of what each entry compiled when it was called, by the entry's name."""

    @property
    def label(self) -> str:
        """The build's name in reports."""
        return self.project if self.profile == RELEASE else f"{self.project} @{self.profile}"

    @property
    def file_bytes(self) -> int | None:
        """Size of its libraries; None where it has none."""
        return sum(one.file_bytes for one in self.libraries) if self.libraries else None

    @property
    def stripped_bytes(self) -> int | None:
        """The same without symbols."""
        return sum(one.stripped_bytes for one in self.libraries) if self.libraries else None

    def is_of(self, contestant: Contestant) -> bool:
        """Whether it is the build that a contestant runs."""
        return (self.project, self.profile) == (contestant.project, contestant.profile)

    def is_same_code_as(self, other: Evidence) -> bool:
        """Whether all machine code is, byte for byte, that of another build."""
        ours, theirs = (
            {**{library.file: library.code_digest for library in one.libraries}, **one.called}
            for one in (self, other)
        )
        return bool(ours) and ours == theirs and all(ours.values())

    @property
    def settings(self) -> tuple[Settings, ...]:
        """All ways in which some of its sources were compiled."""
        return tuple(compiled.settings for compiled in self.compiled)

    @property
    def levels(self) -> tuple[str, ...]:
        """Its optimisation levels, sorted."""
        return tuple(sorted({settings.level for settings in self.settings}))

    @property
    def flags(self) -> str:
        """Its optimisation levels as flags, which is how every language's are named in reports."""
        return " and ".join(f"-O{level}" for level in self.levels)

    @property
    def isa(self) -> tuple[str, ...]:
        """Instructions that all of it may use: what only some sources may is chosen at run time."""
        sets = [set(settings.isa) for settings in self.settings]
        return tuple(sorted(set.intersection(*sets))) if sets else ()

    @property
    def compilers(self) -> tuple[str, ...]:
        """Its compilers with their versions, sorted."""
        return tuple(sorted({settings.compiler for settings in self.settings}))

    @property
    def languages(self) -> frozenset[str]:
        """What its compilers were given."""
        return frozenset(settings.language for settings in self.settings)

    @property
    def sanitizers(self) -> tuple[str, ...]:
        """Checkers compiled into some of its sources, sorted."""
        return tuple(sorted({name for one in self.settings for name in one.sanitizers}))

    def values_of(self, name: str) -> tuple[str, ...]:
        """All values that a further setting has in it, sorted."""
        values = {one.value_of(name) for one in self.settings}
        return tuple(sorted(value for value in values if value is not None))

    def release_in(self, evidence: Iterable[Evidence]) -> Evidence | None:
        """The release build of the same project; None where there is none, and for itself."""
        if self.profile == RELEASE:
            return None
        builds = (one for one in evidence if one.project == self.project)
        return next((one for one in builds if one.profile == RELEASE), None)

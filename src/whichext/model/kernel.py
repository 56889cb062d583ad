"""What an author states: the kernel, its projects and their entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from whichext.model.call import Arguments, Call, called, parameter_names, split
from whichext.model.case import Case
from whichext.model.change import Change
from whichext.model.check import Property
from whichext.model.contestant import RELEASE, Profile, Role
from whichext.model.errors import a_type, with_article
from whichext.model.forms import InPlace, OnStream, Stateful, checked_stream, name_of
from whichext.model.options import DEFAULT_SET
from whichext.model.raw import CaseSize, Revision

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

REFUSALS = (TypeError, ValueError, NotImplementedError, BufferError)
"""Errors by which an entry may say that an input is not for it, unless the kernel names others."""

ANY_DTYPE = "any"
"""Stands for the dtype of inputs where the kernel names none: its arrays have their own, if any."""


def clean_text(refuses: tuple[type[Exception], ...]) -> str:
    """What an entry should raise for an input that is not for it."""
    names = ("TypeError", "ValueError") if refuses == REFUSALS else [k.__name__ for k in refuses]
    return with_article(" or ".join(names))


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One callable of a project, a table `[[tool.whichext.entries]]` of its pyproject.toml.

    Attributes:
        function: Attribute of the module to call.
        summary: One line: what it is.
        threads: Keyword that takes the thread count, or "environment" where only environment
            variables set it; absent for a serial entry.
        profiles: Profiles, or single settings such as "isa=native", under which it races by
            default; `["release"]` if absent.
        sets: Names of the sets that it races with; `["default"]` if absent.
        dtypes: NumPy names of the dtypes whose plain arrays it must answer; those of the kernel
            if absent.
        requires: Python packages that it imports when it is called; it is skipped if one is absent.
        remedy: How to get what it requires; absent where `pip install` with their names is enough.
        single_threaded: Of a class, why only the thread that made an object may call it, such as
            "unsendable". It is then not called from another one, and reports repeat the reason.
        idle: Those of its factors that play no part with one thread, such as the pool of an entry
            that then calls its kernel directly.
        factors: Properties in which it can differ from other entries, such as order = "column". Its
            toolchain is the project's unless it is named here.

    """

    function: str
    summary: str = ""
    threads: Annotated[str, Meta(min_length=1)] | None = None
    profiles: tuple[Profile, ...] = (RELEASE,)
    sets: Annotated[tuple[str, ...], Meta(min_length=1)] = (DEFAULT_SET,)
    dtypes: Annotated[tuple[str, ...], Meta(min_length=1)] | None = None
    requires: tuple[str, ...] = ()
    remedy: Annotated[str, Meta(min_length=1)] | None = None
    single_threaded: Annotated[str, Meta(min_length=1)] | None = None
    idle: tuple[str, ...] = ()
    factors: dict[str, str] = {}


class Project(Struct, frozen=True, kw_only=True):
    """One extension project inside a kernel's folder."""

    name: str
    """Name of its folder; of a revision, with that behind an @."""
    folder: Path
    """Where its pyproject.toml is."""
    module: str
    """Module that its wheel installs."""
    toolchain: str
    """What it is written in; the factor "toolchain" of every entry that names no other."""
    needs: tuple[str, ...]
    """Programs and files without which it cannot be built, as toolchains name them."""
    entries: tuple[Entry, ...]
    """Its callables."""
    revision: Revision | None = None
    """The revision that was asked for; None where none was: the folder as it is."""

    def entry_name(self, function: str) -> str:
        """Full name of an entry: `module.function`, or `module@revision.function`."""
        revision = "" if self.revision is None else f"@{self.revision.name}"
        return f"{self.module}{revision}.{function}"

    @property
    def requires(self) -> tuple[str, ...]:
        """Python packages that its entries import when they are called, each once."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.requires))


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How closely an answer must agree with the reference's.

    Attributes:
        relative: Allowed difference as a share of the reference's value; 0 means exactly equal.
        absolute: Allowed difference in the answer's own unit.
        reason: Why this much and not less; required where a difference is allowed.
        equal: What decides instead: a function of the reference's answer and another one.

    """

    relative: float = 0.0
    absolute: float = 0.0
    reason: str = ""
    equal: Callable[[Any, Any], bool] | None = None

    @classmethod
    def of(cls, stated: object) -> Tolerance | None:
        """What was stated as one: it itself, or a function of two answers; None for neither."""
        if isinstance(stated, Tolerance):
            return stated
        is_function = callable(stated) and not isinstance(stated, type)
        return cls(equal=stated) if is_function else None  # type: ignore[arg-type]  # it is one

    @property
    def is_exact(self) -> bool:
        """Whether no difference at all is allowed."""
        return self.relative == self.absolute == 0 and self.equal is None

    @property
    def name(self) -> str:
        """Name of the function that decides."""
        return getattr(self.equal, "__name__", "a function")

    @property
    def sentence(self) -> str:
        """How answers compare, for reports."""
        if self.equal is not None:
            return f"Answers agree with the reference's where {self.name}() says so."
        alike = "0.0 and -0.0 count as equal, and so do all NaN."
        if self.is_exact:
            return f"Answers must be exactly the reference's. {alike}"
        relative = [f"{self.relative:g} of the value"] * bool(self.relative)
        allowed = relative + [f"{self.absolute:g}"] * bool(self.absolute)
        differing = f"Answers may differ from the reference's by {' and '.join(allowed)}"
        return f"{differing}: {self.reason}. {alike}"


def _no_tuple(function: str, made: object, names: tuple[str, ...]) -> TypeError:
    """What to say of an author's function that returned a single value."""
    got, name = a_type(made), names[0] if names else "values"
    expected = f"{function}(case) to return a tuple or a Call"
    return TypeError(f"expected {expected}, got {got}: return ({name},)")


def _name_of(reference: object) -> str:
    """What reports call a reference whose kernel names it in no other way."""
    module, name = (getattr(reference, one, None) for one in ("__module__", "__name__"))
    if not isinstance(reference, type) and str(module).partition(".")[0] == "numpy":
        return "numpy"
    # A lambda has no name, and "limit" is that of another contestant.
    named = isinstance(name, str) and name.isidentifier() and name not in set(Role)
    return str(name) if named else "reference"


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """One question: what an author states in `kernel.py` as `KERNEL = Kernel(...)`.

    Attributes:
        question: One sentence that ends with a question mark.
        reference: The obviously right implementation; it races as a contestant like any other.
        inputs: Makes the arguments of a call for a case; the same arguments for the same case.
        cases: The inputs that are raced, the most telling first.
        arguments: What the arguments of a call may be: a Hypothesis strategy of tuples, or one for
            each argument by its name; see `whichext.strategies`. Verify draws inputs from it. By
            default, arrays of the kernel's dtypes, where the reference has one parameter and cases
            have a shape; else nothing is drawn, which the report says.
        dtypes: NumPy names of the dtypes of arrays that state none, which an entry without dtypes
            of its own must answer.
        bytes_moved: Bytes that a call must at least read and write in a case; None for no limit,
            and no share of it, where that says nothing of the work.
        operations: Operations that a call must at least do in a case, for a rate; None for none.
        mutates: Names of the arguments that a call may change, in place. Every call then gets fresh
            copies of them, made before the clock starts, and its answer is a pair: what it
            returned, and these arguments afterwards by name.
        stateful: Says that the reference and all entries are classes, and which of their methods is
            timed. The inputs of a case are then a stream: a list or an array with one item for each
            call. What is compared is a pair: the answers to all items, and the state at the end.
        refuses: Errors by which the reference, or an entry, says that an input is not for it.
        refused: Named inputs that every entry must refuse with an error of `refuses`. For each, a
            function without arguments that returns those of the call, or the stream of a class,
            such as `{"no rows": lambda: (np.empty((0, 3)),)}`.
        tolerance: How closely answers must agree with the reference's; exactly by default. A
            function of two answers decides itself, such as `numpy.allclose`.
        reference_name: Name of the reference in reports. By default "numpy" where it is a function
            of NumPy itself, else the name of the class or the function.
        reference_factors: Declared factors of the reference.
        origin: Name of the contestant from which the report explains the way to the fastest one;
            the slowest entry where it is None or did not race.
        name: Name of the kernel's folder; set by `load_kernel`.
        folder: That folder; set by `load_kernel`.
        is_given: Whether it is of functions that `compare` was given; set by it.
        digest: Hash of `kernel.py` and of the Python files beside it; set by `load_kernel`.
        projects: The projects in that folder, by name; set by `load_kernel`.
        functions: Python functions that race as well, by name: entries that need no project, since
            nothing is built for them. Profiles and thread counts do not concern them. Where the
            kernel is stateful, they are classes.

    """

    question: str
    reference: Callable[..., Any]
    inputs: Callable[[Case], Arguments]
    cases: tuple[Case, ...]
    arguments: SearchStrategy[Any] | Mapping[str, SearchStrategy[Any]] | None = None
    dtypes: tuple[str, ...] = ()
    bytes_moved: Callable[[Case], int] | None = None
    operations: Callable[[Case], int] | None = None
    mutates: tuple[str | int, ...] = ()
    stateful: Stateful | None = None
    refuses: tuple[type[Exception], ...] = REFUSALS
    refused: Mapping[str, Callable[[], Arguments]] = dataclasses.field(default_factory=dict)
    tolerance: Tolerance | Callable[[Any, Any], bool] = Tolerance()
    reference_name: str = ""
    reference_factors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    origin: str | None = None
    name: str = ""
    folder: Path = Path()
    is_given: bool = False
    digest: str = ""
    projects: tuple[Project, ...] = ()
    functions: Mapping[str, Callable[..., Any]] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.reference_name == "":
            object.__setattr__(self, "reference_name", _name_of(self.reference))

    @property
    def agreement(self) -> Tolerance:
        """The tolerance, also where a function was stated as one."""
        return Tolerance.of(self.tolerance) or Tolerance()

    def as_function(self, entry: Callable[..., Any]) -> Callable[..., Any]:
        """An entry, or the reference, as a function that leaves its arguments as they are."""
        if self.stateful is not None:
            return OnStream(entry, self.stateful)
        if self.mutates:
            return InPlace(entry, self.mutates, parameter_names(self.reference))
        return entry

    @property
    def argument_names(self) -> tuple[str, ...]:
        """Names of the arguments of a call, as far as Python tells."""
        names = parameter_names(self.reference)
        return names if self.stateful is None else ("stream", *names)

    @property
    def reference_own_name(self) -> str:
        """The name by which Python knows the reference; empty where it has none."""
        return getattr(self.reference, "__name__", "")

    @property
    def mutated_names(self) -> tuple[str, ...]:
        """What reports call the arguments that calls change."""
        names = parameter_names(self.reference)
        return tuple(name_of(one, names) for one in self.mutates)

    def answer(self, arguments: Arguments) -> Any:
        """The reference's answer."""
        return called(self.as_function(self.reference), arguments)

    def arguments_of(self, case: Case) -> Arguments:
        """The arguments of a call in a case; of classes, a stream and what an object is made from.

        Raises:
            TypeError: They are not what they must be.

        """
        made: object = self.inputs(case)
        if self.stateful is not None:
            return self.on_stream(checked_stream(made), case)
        if not isinstance(made, tuple):
            raise _no_tuple("inputs", made, parameter_names(self.reference))
        return made

    def on_stream(self, stream: object, case: Case) -> Arguments:
        """The arguments of a class as a function: a stream, and those of its objects in a case.

        Raises:
            TypeError: What `Stateful(init=...)` made is no tuple.

        """
        assert self.stateful is not None, "others have no streams"
        init: object = () if self.stateful.init is None else self.stateful.init(case)
        if not isinstance(init, tuple):
            raise _no_tuple("init", init, parameter_names(self.reference))
        positional, named = split(init)
        return Call(stream, *positional, **named)

    def calls_in(self, arguments: Arguments) -> int:
        """Calls of a method in one pass over its stream; 1 of functions."""
        return 1 if self.stateful is None else len(arguments[0])

    def size_of(self, case: Case) -> CaseSize:
        """How much there is to do in a case, as far as the kernel says."""
        moved, operations = self.bytes_moved, self.operations
        return CaseSize(
            case=case.name,
            bytes_moved=None if moved is None else index(moved(case)),
            operations=None if operations is None else index(operations(case)),
        )

    def amount_in(self, case: Case) -> float:
        """How large a case is among all of them."""
        return self.size_of(case).amount_in(case)

    @property
    def entry_names(self) -> tuple[str, ...]:
        """Full names of all entries of its projects, and of its functions."""
        of_projects = (p.entry_name(one.function) for p in self.projects for one in p.entries)
        return (*of_projects, *self.functions)


@dataclass(frozen=True)
class Prepared:
    """One input with the reference's answer."""

    arguments: Arguments
    """Arguments of the call."""
    answer: Any = None
    """The reference's answer; meaningless when `refusal` is set."""
    refusal: str | None = None
    """Why the input must be refused; None when it must or may be answered."""
    plain_of: str | None = None
    """Dtype of which it is a plain array, which must be answered; None where it may be refused."""
    property: Property = Property.PLAIN
    """What it looks at."""
    prints: tuple[object, ...] | None = None
    """Fingerprints of the arguments before any call; None where they were not taken yet."""
    change: Change | None = None
    """A change of an argument that changes the answer; None where none was looked for or found."""
    small: Arguments | None = None
    """Small arguments of the same kind, for calls before the one that counts; None for none."""

"""What an audit can find: a closed set; what is said of each is in `report/findings.py`."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.evidence import PythonCause
from whichext.model.outside import SetByEnvironment as SetByEnvironment
from whichext.model.outside import SettingWithoutEffect as SettingWithoutEffect
from whichext.model.process import Output, ProcessChange, Processes, Shared
from whichext.model.severity import Group as Group
from whichext.model.severity import Severity as Severity


class NotOptimised(Struct, frozen=True, kw_only=True, tag=True):
    """The flags ask for no optimisation, or are missing."""

    contestants: tuple[str, ...]
    """The contestants that are built so."""
    told: str
    """The flags on it, in order; "" for no flag at all."""
    sources: tuple[str, ...]
    """What was compiled so; empty where it is everything."""
    declared: bool
    """Whether the profile's name says so."""
    beside: tuple[Group, ...] = ()
    """How the others in the same comparison are built."""
    inherited: tuple[str, ...] = ()
    """Variables of the user's environment that had a say in it, as "NAME=value"."""

    severity = Severity.UNATTRIBUTABLE


class UnlikeOptimisation(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile have different levels of optimisation."""

    groups: tuple[Group, ...]
    """The builds by level."""

    severity = Severity.UNATTRIBUTABLE


class UnlikeIsa(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile may use different instructions throughout."""

    groups: tuple[Group, ...]
    """The builds by instruction set."""

    severity = Severity.UNATTRIBUTABLE


class UnlikeCompiler(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile come from different compilers."""

    groups: tuple[Group, ...]
    """The builds by compiler."""
    one_language: bool
    """Whether it is one language that they compile, so that they need not differ."""

    @property
    def severity(self) -> Severity:
        """Two languages have to have two compilers; one has not."""
        return Severity.UNATTRIBUTABLE if self.one_language else Severity.WARNING


class UnlikeMath(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile may take unlike liberties with numbers."""

    groups: tuple[Group, ...]
    """The builds by what their compilers may do that the standard does not let them."""

    severity = Severity.UNATTRIBUTABLE


class DebugSymbolsCounted(Struct, frozen=True, kw_only=True, tag=True):
    """Symbols for a debugger are in the wheel."""

    build: str
    """Name of the build."""
    files: tuple[str, ...]
    """The libraries that have them."""
    debug_bytes: int
    """Size of the symbols, bytes."""
    file_bytes: int
    """Size of these libraries, bytes."""

    severity = Severity.WARNING

    @property
    def share(self) -> float:
        """What part of the libraries the symbols are."""
        return self.debug_bytes / self.file_bytes


class OpenMpMissing(Struct, frozen=True, kw_only=True, tag=True):
    """OpenMP is asked for and was not compiled in or linked."""

    contestants: tuple[str, ...]
    """The contestants of that build."""
    asked_by: tuple[str, ...]
    """Sources that ask for OpenMP, and declared factors."""

    severity = Severity.UNATTRIBUTABLE


class Sanitized(Struct, frozen=True, kw_only=True, tag=True):
    """Checkers are compiled into the code."""

    contestants: tuple[str, ...]
    """The contestants of that build."""
    sanitizers: tuple[str, ...]
    """Which ones."""

    severity = Severity.UNATTRIBUTABLE


class CompilerUnseen(Struct, frozen=True, kw_only=True, tag=True):
    """A project that needs a compiler was built, and no call behind the wheel was seen."""

    build: str
    """Name of the build."""
    needs: tuple[str, ...]
    """The compilers that it needs."""

    severity = Severity.WARNING


class ObjectsUnseen(Struct, frozen=True, kw_only=True, tag=True):
    """A library has code that no recorded call compiled, so that nothing is known of it."""

    build: str
    """Name of the build."""
    contestants: tuple[str, ...]
    """The contestants of that build."""
    files: tuple[str, ...]
    """Object files and archives that were linked, and libraries that nothing linked."""

    severity = Severity.UNATTRIBUTABLE


class FactorContradicted(Struct, frozen=True, kw_only=True, tag=True):
    """An entry declares a factor, and its build says otherwise."""

    contestants: tuple[str, ...]
    """The project whose entries declare it."""
    factor: str
    """Name of the factor."""
    declared: str
    """Its value in the project's pyproject.toml."""
    seen: str
    """What the build says."""

    severity = Severity.AUTHOR


class PythonInLoop(Struct, frozen=True, kw_only=True, tag=True):
    """Lines that run again and again in compiled code call Python."""

    build: str
    """Name of the build."""
    function: str
    """The function that the lines are in."""
    contestants: tuple[str, ...]
    """The contestants whose function that is, or whose calls run its lines again and again through
    others; empty where there are none, of which only older results tell."""
    lines: tuple[str, ...]
    """The lines, as "file:line"."""
    calls: tuple[str, ...]
    """What they call of Python's C API, or of their compiler's on top of it."""
    texts: tuple[str, ...] = ()
    """What the lines say, in their order; empty where it was not kept."""
    causes: tuple[PythonCause, ...] = ()
    """Why they call Python, in their order; in older results, each reason once."""
    outer: bool = False
    """Whether their loop is an outer one, and what is in nested ones runs more often."""

    @property
    def severity(self) -> Severity:
        """An innermost loop that an entry comes to is most likely the one that counts."""
        counts = self.contestants and not self.outer
        return Severity.UNATTRIBUTABLE if counts else Severity.WARNING


class GilHeld(Struct, frozen=True, kw_only=True, tag=True):
    """During a part of a call, or all of it, no other thread's Python can run."""

    contestants: tuple[str, ...]
    """The contestants that keep the GIL."""
    free: float = 0.0
    """Share of the call in which others could run; 0 where it keeps the GIL to the end."""
    toolchains: tuple[str, ...] = ()
    """What the contestants declare as their toolchain; empty in older results."""

    severity = Severity.WARNING


class WorksOn(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Threads work after a call has returned, and more than an idle pool spins."""

    contestants: tuple[str, ...]
    """The contestant."""
    after_ns: int
    """Processor time after a call, ns."""
    call_ns: int
    """Processor time of the call itself, ns."""
    of_objects: bool = False
    """Whether that is of each object that is given a stream, and not of each call."""

    severity = Severity.WARNING


class ProcessChanged(Struct, frozen=True, kw_only=True, tag=True):
    """State that all code of the process shares is changed, and not put back."""

    contestants: tuple[str, ...]
    """The contestants that change it alike."""
    change: ProcessChange
    """What they change, and when."""

    @property
    def severity(self) -> Severity:
        """Whose processor computes otherwise is compared on other values than the rest."""
        arithmetic = self.change.state in (Shared.SUBNORMALS, Shared.ROUNDING)
        return Severity.UNATTRIBUTABLE if arithmetic else Severity.WARNING


class WritesOutput(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """The import or calls write to standard output or error."""

    contestants: tuple[str, ...]
    """The contestant."""
    output: Output
    """How much, and what."""
    of_objects: bool = False
    """Whether that is of each object that is given a stream, and not of each call."""

    severity = Severity.WARNING


class LeavesThreads(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Every call leaves threads behind."""

    contestants: tuple[str, ...]
    """The contestant."""
    threads_a_call: float
    """How many, on average."""
    of_objects: bool = False
    """Whether that is of each object that is given a stream, and not of each call."""

    severity = Severity.WARNING


class LeavesFiles(Struct, frozen=True, kw_only=True, tag=True):
    """Every call leaves files open, or some leave many."""

    contestants: tuple[str, ...]
    """The contestant."""
    files_a_call: float
    """How many, on average, once the first calls had been made."""
    files_kept: int = 0
    """How many all calls left open, where not each of them did; 0 for few."""
    of_objects: bool = False
    """Whether that is of each object that is given a stream, and not of each call."""

    severity = Severity.WARNING


class StartsProcesses(Struct, frozen=True, kw_only=True, tag=True):
    """It starts processes, whose work and memory are not counted as its own."""

    contestants: tuple[str, ...]
    """The contestant."""
    processes: Processes
    """What is known of them."""

    severity = Severity.WARNING


class RemembersContent(Struct, frozen=True, kw_only=True, tag=True):
    """Calls on what was seen before take less than a third of the time of others."""

    contestants: tuple[str, ...]
    """The contestants that remember."""

    severity = Severity.UNATTRIBUTABLE


class UnsafeUnexplained(Struct, frozen=True, kw_only=True, tag=True):
    """Unsafe places without a word on what makes them safe."""

    build: str
    """Name of the build."""
    places: int
    """How many unsafe places there are."""
    unexplained: tuple[str, ...]
    """Those without a reason, as "file:line"."""

    severity = Severity.WARNING


Finding = (
    NotOptimised
    | SetByEnvironment
    | UnlikeOptimisation
    | UnlikeIsa
    | UnlikeCompiler
    | UnlikeMath
    | DebugSymbolsCounted
    | OpenMpMissing
    | Sanitized
    | SettingWithoutEffect
    | CompilerUnseen
    | ObjectsUnseen
    | FactorContradicted
    | PythonInLoop
    | GilHeld
    | WorksOn
    | ProcessChanged
    | WritesOutput
    | LeavesThreads
    | LeavesFiles
    | StartsProcesses
    | RemembersContent
    | UnsafeUnexplained
)
"""What was found, with all that is needed to say why it matters and what to do."""

InProcess = WorksOn | ProcessChanged | WritesOutput | LeavesThreads | LeavesFiles | StartsProcesses
"""What entries do to their process beside their answers."""


def spoils(finding: Finding) -> bool:
    """Whether a comparison cannot be read without it."""
    return finding.severity in (Severity.UNATTRIBUTABLE, Severity.AUTHOR)


def is_a_surprise(finding: Finding) -> bool:
    """Whether it spoils a comparison, and no name of a profile says so already."""
    return spoils(finding) and not (isinstance(finding, NotOptimised) and finding.declared)


def named_in(finding: Finding) -> tuple[str, ...]:
    """Names of the contestants that it is about; empty where it is about builds as a whole."""
    return tuple(getattr(finding, "contestants", ()))

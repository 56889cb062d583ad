"""What an audit can find: a closed set, each with what it is, why it matters and what to do."""

from __future__ import annotations

from whichext.model.findings.code import GilHeld, PythonInLoop, UnsafeUnexplained
from whichext.model.findings.compiling import (
    CompilerUnseen,
    DebugSymbolsCounted,
    NotOptimised,
    OpenMpMissing,
    Sanitized,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
)
from whichext.model.findings.declared import FactorContradicted
from whichext.model.findings.severity import Group, Severity

Finding = (
    NotOptimised
    | UnlikeOptimisation
    | UnlikeIsa
    | UnlikeCompiler
    | DebugSymbolsCounted
    | OpenMpMissing
    | Sanitized
    | SettingWithoutEffect
    | CompilerUnseen
    | FactorContradicted
    | PythonInLoop
    | GilHeld
    | UnsafeUnexplained
)

__all__ = [
    "CompilerUnseen",
    "DebugSymbolsCounted",
    "FactorContradicted",
    "Finding",
    "GilHeld",
    "Group",
    "NotOptimised",
    "OpenMpMissing",
    "PythonInLoop",
    "Sanitized",
    "SettingWithoutEffect",
    "Severity",
    "UnlikeCompiler",
    "UnlikeIsa",
    "UnlikeOptimisation",
    "UnsafeUnexplained",
    "is_a_surprise",
    "spoils",
]


def spoils(finding: Finding) -> bool:
    """Whether a comparison cannot be read without it."""
    return finding.severity in (Severity.UNATTRIBUTABLE, Severity.AUTHOR)


def is_a_surprise(finding: Finding) -> bool:
    """Whether it spoils a comparison, and no name of a profile says so already."""
    return spoils(finding) and not (isinstance(finding, NotOptimised) and finding.declared)

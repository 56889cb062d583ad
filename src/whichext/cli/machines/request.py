"""What is asked of machines: a kernel's files, and the command that races them there.

The command is the one that would be typed on each of them, so that `ssh` could start it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whichext.cli.wording import FLAGS
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.options import Options

_LISTS = ("cases", "entries", "projects", "threads", "profiles", "factors")
_TEXTS = ("set", "baseline", "compiler", "precision", "max_time_s", "time_limit_s")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A race that is asked of one machine."""

    key: str
    """What tells this run from others: what was begun under it is continued."""
    submission: str
    """What tells this try at the run from others: what is ended under it never begins."""
    name: str
    """Name of the result file, without its suffix."""
    machine: str
    """Name of the machine: two that share a home have folders of their own."""
    kernel: str
    """Path of the kernel's folder among the files."""
    files: bytes
    """The archive of the kernel's files."""
    words: tuple[str, ...]
    """Options of the command."""

    @property
    def result(self) -> str:
        """The result file, in the folder in which the command runs."""
        return f"{self.name}.json"

    def command(self, *, resumes: bool) -> tuple[str, ...]:
        """What is typed after the program's name, in the folder that has the files."""
        typed = ("run", self.kernel, *self.words, FLAGS["save"], self.result)
        return (*typed, FLAGS["resume"], self.result) if resumes else typed


def words_of(options: Options) -> tuple[str, ...]:
    """Options as they are typed on another machine; those with their usual values are left out.

    Raises:
        UsageError: One of them has a meaning here alone.

    """
    _check_typed(options)
    return tuple(_words(options, Options()))


def _words(options: Options, usual: Options) -> Iterator[str]:
    for name in (*_LISTS, *_TEXTS):
        value = getattr(options, name)
        if value != getattr(usual, name):
            yield from (FLAGS[name], _text(value))
    for setting in options.config_settings:
        yield from (FLAGS["config_settings"], setting)
    if options.memory_limit_bytes is not None:
        yield from (FLAGS["memory_limit_bytes"], repr(options.memory_limit_bytes / 1e9))
    if options.min_epochs != usual.min_epochs:
        yield FLAGS["quick"]
    if not options.isolation:
        yield FLAGS["isolation"]
    if options.clean_env:
        yield FLAGS["clean_env"]


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _check_typed(options: Options) -> None:
    """Refuse what no command has, and what machines do not get: the history of the projects."""
    if options.seed != Options.seed:
        raise UsageError(
            f"seed={options.seed}",
            "leave it out",
            expected="no seed, which no command has",
        )
    at_revisions = [name for name in options.projects if "@" in name]
    if at_revisions:
        raise UsageError(
            argument("projects", at_revisions),
            f"check out the revision, and leave out the @ in {argument('projects')}",
            expected="projects as they are: machines get files, and not their history",
        )

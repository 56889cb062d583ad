"""Documents of bundles: what is in one, and what would be run of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whichext.load.unpack import Bundle
from whichext.model.bundle import FILES, MANIFEST, RESULT, Measured, Sources
from whichext.model.inline import Style, Wording, call, code, foreign, mark, strong
from whichext.model.kernel import Project
from whichext.model.outcome import Built, ToolchainAbsent
from whichext.model.units import size_text
from whichext.model.view import View
from whichext.report import document_of
from whichext.report.document import (
    Block,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    codes,
    columns,
    some,
)
from whichext.report.markdown import render_markdown

INTEGRITY = (
    "The line is a hash over the files, the builds, the samples and the verdicts. It shows that "
    "nothing was changed since the bundle was made. It does not show that the samples were "
    "measured: only a race of your own does."
)
_STYLES = {
    Measured.YES: Style.GOOD,
    Measured.NO: Style.BAD,
    Measured.UNKNOWN: Style.DOUBTFUL,
}
_MOST_SHOWN = 4
_SCM = "SETUPTOOLS_SCM_PRETEND_VERSION"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A bundle that was written."""

    path: Path
    """The archive."""
    line: str
    """The line that can be verified: a hash over inputs, builds, samples and verdict."""
    size_bytes: int
    """Size of the archive."""
    files: tuple[str, ...]
    """Paths of the kernel's files in it."""
    outside: tuple[str, ...]
    """Those of these that lie outside of the kernel's folder, since a project reads them."""
    sources: tuple[Sources, ...]
    """Whether these are the files that were measured."""
    altered: str | None
    """Where the result said something else than its samples give, which the bundle does not say;
    None where it did not."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """What builds a project, as its pyproject.toml says."""

    name: str
    """The build backend."""
    requires: tuple[str, ...]
    """What is installed for it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be built and run of a bundle, before any of its code was."""

    bundle: Bundle
    """The bundle."""
    then: View
    """Its result."""
    sources: tuple[Sources, ...]
    """Whether its files are those that were measured."""
    projects: tuple[tuple[Project, Backend, ToolchainAbsent | None], ...]
    """The projects that would be built, with what builds them and what is missing for it here."""
    python_files: tuple[str, ...]
    """The kernel's own Python files, by their paths in the bundle."""
    settings: tuple[str, ...]
    """Settings for the backends: those of the bundle, unless others were given."""
    max_time_s: float
    """Most time of the race, s."""
    altered: str | None
    """Where the result says something else than this whichext makes of its samples; None where it
    says the same."""


def readme(view: View, sources: tuple[Sources, ...], wording: Wording) -> str:
    """What a bundle says of itself to a reader without this program, with the report."""
    command = call("reproduce", "BUNDLE.zip")
    blocks = (
        Heading(f"A bundle of {code(view.raw.kernel)}", level=1),
        Paragraph(
            "It holds a kernel, its projects, and the result of a race of them. With its file "
            f"name, {command} checks it, shows what it would build and run, asks, and repeats the "
            "race."
        ),
        Lines(
            (
                f"{code(FILES)}: the kernel's folder, and what its projects read outside of it",
                f"{code(RESULT)}: all samples, builds and verdicts, and the machine",
                f"{code(MANIFEST)}: the hash of each part, and the line over all of them",
            ),
            listed=True,
        ),
        Paragraph(INTEGRITY),
        *source_blocks(sources),
    )
    return render_markdown(Document((*blocks, *document_of(view).blocks)), wording)


def source_blocks(sources: tuple[Sources, ...]) -> tuple[Block, ...]:
    """Whether the files are those that were measured, and what git would have said of them."""
    rows = tuple((code(one.what), mark(_STYLES[one.measured], one.measured)) for one in sources)
    return Table(columns("part", "its files, and what was measured"), rows), *_versions(sources)


def _versions(sources: tuple[Sources, ...]) -> Iterator[Block]:
    found = [one for one in sources if one.version is not None]
    if found:
        names = ", ".join(f"{code(one.what)} ({foreign(one.version or '')})" for one in found)
        yield Paragraph(
            f"A bundle holds no git repository, and these may ask git for their version: {names}. "
            f"Where their build fails for that, set {code(f'{_SCM}=VERSION')}."
        )


def written_document(written: Written) -> Document:
    """What was written, with the line that can be verified."""
    size = f"{size_text(written.size_bytes)}, {len(written.files)} files of the kernel"
    blocks: list[Block] = [
        Paragraph(f"{code(written.path)}: {size}\n{code(written.line)}"),
        *_outside(written),
        *source_blocks(written.sources),
    ]
    if written.altered is not None:
        blocks.append(
            Paragraph(
                f"{strong('The result was not what this whichext makes of its samples')}; the "
                f"bundle has what they give. {foreign(written.altered)}."
            )
        )
    next_step = f"Next: {call('reproduce', str(written.path))}, as a reviewer will"
    return Document((*blocks, Paragraph(INTEGRITY), Paragraph(next_step)))


def _outside(written: Written) -> Iterator[Block]:
    """What an author may not know to be in it."""
    if written.outside:
        names = some([code(name) for name in written.outside], _MOST_SHOWN)
        yield Paragraph(f"Outside of the kernel's folder, since a project reads them: {names}.")


def plan_document(plan: Plan) -> Document:
    """What would be built and run, so that a reader can decide about it."""
    raw = plan.then.raw
    compared = [one.name for one in plan.then.competing]
    cases = [case.name for case in raw.cases]
    settings = f", with the settings {codes(plan.settings)}" if plan.settings else ""
    lines = (
        f"{strong('import')} {codes(plan.python_files)}, which is code of its author",
        f"{strong('build')} the projects below as {code('pip install')} does{settings}: "
        "their backends run what they like, and are fetched from the package index",
        f"{strong('race')} {some([code(name) for name in compared], _MOST_SHOWN)} in "
        f"{some([code(name) for name in cases], _MOST_SHOWN)}, for {plan.max_time_s:g} s at most",
    )
    blocks: list[Block] = [
        Heading(f"{code(plan.bundle.path.name)}: {foreign(raw.question)}", level=1),
        Paragraph(f"{code(plan.bundle.line)}\n{INTEGRITY}"),
        *_doubt(plan),
        Paragraph("To repeat the race, this would be done here, with all rights that you have:"),
        Lines(lines, listed=True),
        *_projects(plan),
        *source_blocks(plan.sources),
    ]
    return Document(tuple(blocks))


def _doubt(plan: Plan) -> Iterator[Block]:
    if plan.altered is not None:
        yield Paragraph(
            f"It was judged by whichext {foreign(plan.bundle.whichext_version)}, and this one "
            f"judges its samples otherwise. {foreign(plan.altered)}."
        )


def _projects(plan: Plan) -> Iterator[Block]:
    rows = tuple(
        (
            code(project.name),
            foreign(project.toolchain),
            code(backend.name),
            some([code(one) for one in backend.requires], _MOST_SHOWN),
            _tools(plan.then, project),
            "can be built" if missing is None else f"{missing.what} not found: {missing.remedy}",
        )
        for project, backend, missing in plan.projects
    )
    titles = ("project", "toolchain", "backend", "requires", "built then with", "here")
    if rows:
        yield Table(columns(*titles), rows)


def _tools(then: View, project: Project) -> str:
    """Compilers and packages that a project was built with."""
    builds = (one.result for one in then.raw.builds if one.project == project.name)
    tools = dict.fromkeys(
        tool for built in builds if isinstance(built, Built) for tool in built.tools
    )
    return some([foreign(tool.full_name) for tool in tools], _MOST_SHOWN)

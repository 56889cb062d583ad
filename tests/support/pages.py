"""Running the code of pages: every block as a reader would, in a copy, without a network.

Sybil finds the blocks. A block whose first line names a file is written to it; shell, Python and
transcripts are run by programs of their own, in the order of the page.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import yaml
from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, SkipParser

import whichext

ROOT = Path(__file__).parents[2]
COPIED = ("docs", "tests/kernels")
BUILT_WITH = ("flit-core", "setuptools", "cython")
"""What projects on the pages are built with."""
TIME_LIMIT_S = 300
"""For one block, on a machine that does other things too."""

NAMED = re.compile(r"# ([\w./-]+/[\w.-]+|\w+\.\w+)(, added at the end)?\n")
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
STATUS = "echo $?"
MEASURED = re.compile(r"\[[^\]]*\d[^\]]*\]|\d (ns|us|ms|s|kB)\b|\d%|\dT\d|CPython|twin|virtual\)")
"""A line that says what was measured, or where: the next machine says something else."""

NO_NETWORK = """
import socket

def connect(self, address, _connect=socket.socket.connect):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"pages are tested without a network, and this is a call to {address}")
    return _connect(self, address)

socket.socket.connect = connect
"""
SCRIPT = "#!{python}\nimport sys\nfrom {module} import main\nsys.exit(main())\n"
SCRIPTS = {
    "whichext": "whichext.cli.app",
    "pip": "pip._internal.cli.main",
    "pytest": "pytest",
}


class PageError(AssertionError):
    """A block did not do what its page says."""


@dataclass(frozen=True)
class Place:
    """Where the blocks of a page run."""

    folder: Path
    """The working directory."""
    environment: dict[str, str]
    """The variables of its programs."""

    def run(self, *command: str) -> tuple[int, str, str]:
        """Run a program; its status and what it printed.

        Raises:
            PageError: It took too long, and was killed with all that it had started.

        """
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                out, err = process.communicate(timeout=TIME_LIMIT_S)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                raise PageError(f"more than {TIME_LIMIT_S} s: {command[-1]}") from error
        return process.returncode, out, err


def make_place(folder: Path, wheels: Path, cache: Path) -> Place:
    """A copy of the documentation with an environment of its own, in which pip may install.

    Args:
        folder: Where all of it goes.
        wheels: Where pip finds packages, see `pack_installed`.
        cache: Where builds are kept.

    """
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / "copy" / name)
    own = folder / "environment"
    venv.create(own, symlinks=True)
    (packages,) = own.glob("lib/python*/site-packages")
    ours = Path(metadata.distribution("pytest").locate_file("")).resolve()
    tested = str(Path(whichext.__file__).parents[1])
    (packages / "ours.pth").write_text(
        f"import site, sys; site.addsitedir({str(ours)!r}); sys.path.insert(0, {tested!r})\n"
    )
    (packages / "no_network.pth").write_text("import no_network\n")
    (packages / "no_network.py").write_text(NO_NETWORK)
    _note_plugins(packages)
    for name, module in SCRIPTS.items():
        script = own / "bin" / name
        script.write_text(SCRIPT.format(python=own / "bin" / "python", module=module))
        script.chmod(0o755)
    nowhere = "http://127.0.0.1:9"
    given = os.environ | {
        "PATH": os.pathsep.join(
            (f"{own}/bin", str(Path(sys.executable).parent), os.environ["PATH"])
        ),
        "XDG_CACHE_HOME": str(cache),
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), nowhere),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_OFFLINE": "1",
        "CARGO_NET_OFFLINE": "true",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Reader"),
        **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "reader@example.org"),
    }
    # In a worker of pytest-xdist, pytest-benchmark would measure nothing.
    alone = {name: value for name, value in given.items() if "XDIST" not in name}
    return Place(folder / "copy", alone)


def _note_plugins(packages: Path) -> None:
    """Let pytest find the plugin of what is tested, whatever is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    info = packages / f"{project['name']}-{whichext.__version__}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {whichext.__version__}\n"
    (info / "METADATA").write_text(head)
    points = (
        f"{name} = {module}\n" for name, module in project["entry-points"]["pytest11"].items()
    )
    (info / "entry_points.txt").write_text("[pytest11]\n" + "".join(points))


def pack_installed(folder: Path) -> None:
    """Make wheels of what is installed here, so that builds need no network."""
    folder.mkdir()
    for name in BUILT_WITH:
        found = metadata.distribution(name)
        listed = [file for file in found.files or () if file.parts[0] != ".."]
        files = [file for file in listed if file.suffix != ".pyc" and file.name != "RECORD"]
        tags = re.findall(r"^Tag: (.*)", found.read_text("WHEEL") or "", re.MULTILINE)
        (info,) = {file.parts[0] for file in files if file.parts[0].endswith(".dist-info")}
        wheel = f"{info.removesuffix('.dist-info')}-{tags[0]}.whl"
        with zipfile.ZipFile(folder / wheel, "w") as archive:
            for file in files:
                archive.write(found.locate_file(file), file)
            archive.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in files))


def file_of(example: Example) -> tuple[str, bool, str] | None:
    """The file that a block writes, whether at its end, and the text; None where it names none."""
    text = str(example.parsed)
    named = NAMED.match(text)
    return named and (named[1], named[2] is not None, text[named.end() :])


def write(example: Example) -> bool:
    """Write the file that a block names; whether it names one."""
    found = file_of(example)
    if found is not None:
        name, at_the_end, text = found
        path = place_of(example).folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.read_text() + text if at_the_end else text)
    return found is not None


def place_of(example: Example) -> Place:
    """Where the blocks of its page run."""
    place: Place = example.namespace["place"]
    return place


def python(example: Example) -> None:
    """Write the file, or run the block as a script."""
    if not write(example):
        script = place_of(example).folder / "block.py"
        script.write_text(example.parsed)
        expect_success(example, "python", script.name)


def shell(example: Example) -> None:
    """Write the file, or run the block; the first command that fails ends it."""
    if not write(example):
        expect_success(example, "sh", "-ec", example.parsed)


def expect_success(example: Example, *command: str) -> None:
    """Run a program that should end well."""
    status, out, err = place_of(example).run(*command)
    if status:
        raise PageError(f"line {example.line} ends with {status}:\n{out[-2000:]}{err[-2000:]}")


def toml(example: Example) -> None:
    """Write the file, or read the block."""
    if not write(example):
        tomllib.loads(example.parsed)


def workflow(example: Example) -> None:
    """Read the block, then write the file."""
    yaml.safe_load(example.parsed)
    write(example)


def transcript(example: Example) -> None:
    """Write the file, or type the commands and find what they print, but for what was measured."""
    if write(example):
        return
    typed = COMMAND.findall(example.parsed)
    after = [*typed, ("", "")][1:]
    for (command, shown), (following, status) in zip(typed, after, strict=True):
        if command == STATUS:
            continue
        expected = int(status) if following == STATUS else 0
        ended, out, err = place_of(example).run("sh", "-c", command)
        if ended != expected:
            raise PageError(
                f"line {example.line}: {command} ends with {ended}:\n{out}{err[-2000:]}"
            )
        if missing := missing_lines(shown, out):
            raise PageError(f"line {example.line}: {command} does not print {missing}, but\n{out}")


def missing_lines(shown: str, printed: str) -> list[str]:
    """Lines of a page that a command does not print; numbers and widths are not compared."""
    there = {blurred(line) for line in printed.splitlines()}
    asked = (line for line in shown.splitlines() if line.strip(" .") and not MEASURED.search(line))
    return [line for line in asked if blurred(line) not in there]


def blurred(line: str) -> str:
    """A line without its numbers and widths."""
    return re.sub(r"[─━]+", "─", re.sub(r"\s+", " ", re.sub(r"\d[\d,.]*", "#", line))).strip()


def written(example: Example) -> None:
    """Write the file that the block has to name."""
    if not write(example):
        raise PageError(f"line {example.line}: expected a first line that names a file")


EVALUATORS = {
    "python": python,
    "sh": shell,
    "text": transcript,
    "toml": toml,
    "yaml": workflow,
    **dict.fromkeys(("c", "cpp", "cython", "rust"), written),
}
"""What is done with a block, by its language."""

PAGES = Sybil(
    [*(CodeBlockParser(name, how) for name, how in EVALUATORS.items()), SkipParser()],
    path=str(ROOT),
)


def read_page(path: Path) -> Document:
    """A page with its blocks."""
    return PAGES.parse(path)


def blocks(path: Path, language: str) -> Iterator[Example]:
    """The blocks of a page in a language."""
    for example in read_page(path):
        if example.region.evaluator is EVALUATORS[language]:
            yield example

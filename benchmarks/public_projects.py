"""Public projects, as they are on the package index: built, audited and verified by whichext.

    pip install --group public
    python benchmarks/public_projects.py [PATTERN]

Takes the source distributions of `public/projects.toml`, checks their hashes, adds the table
`[tool.whichext]` to their pyproject.toml, and verifies one function of each with the kernel of its
name in `public/`. Everything is built in a new cache. For each project, it prints how long that
took and the report of the audit, as in `public/found.txt`. `public/projects.toml` says what failed
at first.

Ends with 1 if a project is not built, audited and verified within 2 minutes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import tempfile
import textwrap
import time
import tomllib
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pypi_simple import PyPISimple

import whichext

PUBLIC = Path(__file__).parent / "public"
LIMIT_S = 120.0

TABLE = """
[tool.whichext]
module = "{module}"
toolchain = "{toolchain}"

[[tool.whichext.entries]]
function = "{function}"
"""


def main() -> None:
    """Print what was seen of each project, and how many are as they should be."""
    wanted, *_ = (*sys.argv[1:], "*")
    stated = tomllib.loads((PUBLIC / "projects.toml").read_text())
    names = [name for name in stated if fnmatchcase(name, wanted)]
    good = 0
    with tempfile.TemporaryDirectory(prefix="public-") as folder, PyPISimple() as index:
        os.environ["XDG_CACHE_HOME"] = folder
        for name in names:
            kernel = prepared(index, name, stated[name], Path(folder) / name)
            start = time.perf_counter()
            audited, verified = whichext.audit(kernel), whichext.verify(kernel)
            seconds = time.perf_counter() - start
            problem = problem_of(audited, verified, seconds)
            good += not problem
            if name == names[0]:  # the machine and the versions
                print(*str(verified).splitlines()[1:3], f"{date.today()}\n", sep="\n")
            title = f"{name} {stated[name]['version']}: {stated[name]['what']}"
            print(f"{title}\n{problem or 'right'}, {seconds:.0f} s")
            print(textwrap.indent(str(audited), "    "), flush=True)
            if problem:
                print(verified, flush=True)
    print(f"{good} of {len(names)} are built, audited and verified within {LIMIT_S:.0f} s")
    sys.exit(good < len(names))


def prepared(index: PyPISimple, name: str, stated: dict[str, str], folder: Path) -> Path:
    """A kernel folder with a public project in it."""
    pages = index.get_project_page(name).packages
    [package] = (one for one in pages if one.digests.get("sha256") == stated["sha256"])
    folder.mkdir()
    index.download_package(package, folder / package.filename)  # which checks the hash
    with tarfile.open(folder / package.filename) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    [project] = (folder / "unpacked").iterdir()
    project.rename(folder / name.replace("-", "_"))
    with (folder / name.replace("-", "_") / "pyproject.toml").open("a") as file:
        file.write(TABLE.format_map(stated))
    shutil.copy(PUBLIC / f"{name}.py", folder / "kernel.py")
    return folder


def problem_of(audited: whichext.Result, verified: whichext.Result, seconds: float) -> str:
    """What is not as it should be; empty where all is well."""
    if not audited.raw.evidence:
        return "not built"
    if verified.exit_code != 0:
        return "not right"
    return "" if seconds <= LIMIT_S else "too slow"


if __name__ == "__main__":
    main()

"""Rust: crates that cargo builds, mostly through maturin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from whichext.model.contestant import Factor
from whichext.model.evidence import UnsafePlaces
from whichext.toolchains.base import (
    Command,
    ErrorStart,
    Part,
    Sources,
    Toolchain,
    Topic,
)
from whichext.toolchains.c import parts
from whichext.toolchains.c_calls import Objects
from whichext.toolchains.calls import Appended, Recorded, Setting, Told
from whichext.toolchains.cargo import read_besides
from whichext.toolchains.flags import LEVELS, identifiers, processors
from whichext.toolchains.needs import (
    NEWER_RUST,
    Oldest,
    Program,
    asked_by_cargo,
    home_of,
    oldest_rust,
)
from whichext.toolchains.rust_calls import Crates, rust_settings
from whichext.toolchains.rust_unsafe import unsafe_lines

_OLD_SYMBOL = re.compile(r"_ZN(.+)17h[0-9a-f]{16}E")
_SYMBOL = re.compile(r"_R(.+)")
_PYO3 = ("__pyo3", "_pyo3")  # what its macros write
_DISAMBIGUATOR = re.compile(r"s[0-9A-Za-z]*_(?=\d)")  # of a crate: letters and figures at random

_NOT_BUILT = {"tests", "benches", "examples"}
_CHOOSES = ("rust-toolchain.toml", "rust-toolchain")


_WORDS = """
Err Ok Self Some abstract as async await become box break const continue crate do dyn else enum
extern false final fn for if impl in let loop macro match mod move must_align mut override priv pub
ref return self static struct super trait true try type typeof unsafe unsized use virtual where
while yield
"""


def _code(*options: str) -> tuple[str, ...]:
    return tuple(word for option in options for word in ("-C", option))


def _settings() -> Iterator[Setting]:
    for value, level in LEVELS.items():
        yield Setting(factor="optimisation", value=value, flags=_code(f"opt-level={level}"))
    for value, processor in processors("generic").items():
        yield Setting(factor="isa", value=value, flags=_code(f"target-cpu={processor}"))


class Rust(Toolchain):
    """Crates, whatever binds them to Python."""

    name = "rust"
    needs = (
        Program(
            name="cargo",
            what="Rust's cargo",
            subject="cargo and rustc",
            programs=("cargo",),
            variable="CARGO",
            companions=("rustc",),
            remedy="install Rust from https://rustup.rs",
            broken="with rustup, `rustup default stable` installs a compiler",
            oldest=oldest_rust("1.89"),  # a test holds it to the built-in kernels' rust-version
        ),
    )
    starts_with = ("cargo", "cc")
    reserved = frozenset(_WORDS.split())
    links_with = frozenset({"cc"})
    settings = tuple(_settings())
    profiles: Mapping[str, Told] = {
        "checked": Told(flags=_code("overflow-checks=on", "debug-assertions=on")),
    }
    recorded = Recorded(
        wrapped=("RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"),
        # Not what only runs in the build: a build's script, a macro. Nor cargo's questions.
        appended=Appended(
            compiles=("--crate-name", "--crate-name=*"),
            # Without optimisation, rustc checks unless it is said otherwise; cargo says it only
            # where its own level would have rustc do something else.
            keeps={
                f"*{check}=*": _code(f"{check}=off")
                for check in ("debug-assertions", "overflow-checks")
            },
            keeps_beside="opt-level=*",
            compiles_not=(
                *("--print", "--print=*", "-vV", "___"),
                *("build_script_*", "--crate-name=build_script_*"),
                *("proc-macro", "--crate-type=proc-macro"),
            ),
        ),
        # Cargo does not see what is appended, and would take what another build has made.
        scratch=dict.fromkeys(("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"), "target-dir"),
    )
    languages = frozenset({"rust"})
    compilers = frozenset({"rustc"})
    callers = re.compile(r"pyo3.*trampoline")
    variables = frozenset({"RUSTFLAGS", "RUSTUP_TOOLCHAIN"})
    variable_prefixes = ("CARGO_", "MATURIN_", "PYO3_", "RUSTC")
    places = frozenset(
        (
            *("CARGO_HOME", "CARGO_TARGET_DIR", "RUSTUP_HOME", "RUST_BACKTRACE", "RUST_LOG"),
            *("CARGO_TERM_COLOR", "CARGO_TERM_QUIET", "CARGO_TERM_VERBOSE"),
            *("CARGO_TERM_PROGRESS_WHEN", "CARGO_INCREMENTAL", "CARGO_BUILD_JOBS"),
        )
    )
    manners = (
        *("CARGO_NET_*", "CARGO_TERM_*", "CARGO_HTTP_*", "CARGO_REGISTR*", "CARGO_SOURCE_*"),
        *("CARGO_BUILD_JOBS", "CARGO_MAKEFLAGS", "CARGO_LOG*", "CARGO_PKG_*", "CARGO_MANIFEST_*"),
        *("MATURIN_NO_INSTALL_RUST", "MATURIN_PEP517_USE_BASE_PYTHON", "MATURIN_REPOSITORY*"),
        *("MATURIN_USERNAME", "MATURIN_PASSWORD", "MATURIN_PYPI_TOKEN", "RUSTC_LOG"),
    )
    left_at_top = ("target",)
    errors = (
        # Its reason comes after a blank line.
        ErrorStart(re.compile(r"^error: failed to parse "), re.compile(r"^  \S")),
        ErrorStart(
            re.compile(r"^error(\[E\d+\])?: (?!could not compile|aborting due to|[Cc]ommand )")
        ),
    )
    hints = (
        (r"linker .?cc.? not found", "cargo needs a C compiler to link: install gcc or clang"),
        (
            r"lock file .* (needs to be updated|because --locked)",
            "run cargo update in the project and commit Cargo.lock",
        ),
        (
            r"feature `edition20\d\d` is required|is older than the `20\d\d` edition"
            r"|requires (rustc|Rust) [\d.]+|lock file version .?\d+.? (was found|requires)"
            r"|E0658|use of unstable library feature",
            f"Rust is older than the project or a crate that it uses needs: {NEWER_RUST}",
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.FREEING: "py.detach in Rust",
        Topic.REASONING: "a comment // SAFETY: ...",
        Topic.UNSAFE: "Rust",
        Topic.PROCESSOR: "target-cpu",
        Topic.OTHER_COMPILER: "compiler=clang",
        Topic.SHARING: "clang shares LLVM with rustc",
    }

    def asks_for(self, folder: Path) -> tuple[Oldest, ...]:
        """What its Cargo.toml says."""
        return asked_by_cargo(folder)

    def trace(
        self,
        commands: tuple[Command, ...],
        libraries: frozenset[str] | None,  # noqa: ARG002  # wheels have other names than crates
    ) -> Iterator[Part]:
        """The crates for Python and all that they use."""
        build = Crates(commands)
        for library, crates in build.linked():
            lto = rust_settings(library).lto  # which the library's own call does for all of them
            yield from ((replace(rust_settings(crate), lto=lto), crate.name) for crate in crates)
        objects = Objects(commands)
        for archive in build.archives():
            yield from parts(objects.in_archive(archive) or (), None)

    def links(self, commands: tuple[Command, ...]) -> Iterator[str]:
        """Names of its libraries before a backend renames them."""
        for library, _ in Crates(commands).linked():
            yield f"{library.file_stem}.so"

    def writes(self, commands: tuple[Command, ...]) -> Iterator[str]:
        """Archives of crates, for a linker of another language."""
        yield from Crates(commands).written()

    def unseen(
        self,
        commands: tuple[Command, ...],
        libraries: frozenset[str] | None,  # noqa: ARG002  # as for trace
        needs: frozenset[str],  # noqa: ARG002  # its archives are named as such
        written: frozenset[str],  # noqa: ARG002  # and are none of these
    ) -> Iterator[str]:
        """Archives of other languages that crates bring and no recorded call made."""
        objects = Objects(commands)
        for archive in Crates(commands).archives():
            if objects.in_archive(archive) is None:
                yield archive

    def contributors(self, commands: tuple[Command, ...]) -> Iterator[Factor]:
        """Crates from elsewhere, with the versions in the names of their folders."""
        found = {crate for _, crates in Crates(commands).linked() for crate in crates}
        yield from sorted(
            {Factor(f"crate {one.name}", one.version_of) for one in found if one.version_of}
        )

    def find_unsafe(self, sources: Sources) -> UnsafePlaces | None:
        """The unsafe places of what is built; tests of its own are not counted.

        From the sources: clippy's lint undocumented_unsafe_blocks says the same, and would compile
        every crate that the project uses once more, for half a minute, where clippy is there at
        all.
        """
        folder = sources.folder
        named = [(path, path.relative_to(folder)) for path in sources.of(".rs")]
        built = [(path, name) for path, name in named if not _NOT_BUILT & {*name.parts, name.stem}]
        if not built:
            return None
        found = [
            (f"{name.as_posix()}:{line}", explained)
            for path, name in built
            for line, explained in unsafe_lines(path.read_text("utf-8", "replace"))
        ]
        return UnsafePlaces(
            places=len(found),
            unexplained=tuple(place for place, explained in found if not explained),
        )

    def readable(self, symbol: str, module: str) -> str | None:
        """A crate has the name of its module; all that it uses is in the library with it."""
        found = _OLD_SYMBOL.fullmatch(symbol) or _SYMBOL.fullmatch(symbol)
        if found is None:
            return None
        parts = list(identifiers(_DISAMBIGUATOR.sub("", found[1])))
        own = module in parts and not any(part.lower().startswith(_PYO3) for part in parts)
        return "::".join(parts[parts.index(module) + 1 :]) if own else ""

    def outside_files(self, environment: Mapping[str, str], *folders: Path) -> Iterable[Path]:
        """Settings of cargo, for its user and in the folders above, and rustup's choice of Rust."""
        user = home_of(environment)
        home = Path(environment.get("CARGO_HOME") or user / ".cargo")
        places = [home, *(above / ".cargo" for one in folders for above in one.parents)]
        found = [place / name for place in places for name in ("config.toml", "config")]
        for folder in folders:
            found += [up / name for up in folder.parents for name in _CHOOSES]
        rustup = Path(environment.get("RUSTUP_HOME") or user / ".rustup")
        return [*found, rustup / "settings.toml", *sorted((rustup / "update-hashes").glob("*"))]

    def read_besides(self, path: Path) -> Iterable[Path]:
        """What cargo reads because of a manifest, or of a file of its settings."""
        return read_besides(path)

"""Rust: crates that cargo builds, mostly through maturin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from whichext.model.evidence import Settings, UnsafePlaces
from whichext.toolchains.base import (
    LEVELS,
    Command,
    ErrorStart,
    Part,
    Sources,
    Toolchain,
    Topic,
    identifiers,
    processors,
    switched_on,
    version_number,
)
from whichext.toolchains.calls import Appended, Recorded, Setting, Told
from whichext.toolchains.cargo import read_besides
from whichext.toolchains.needs import (
    NEWER_RUST,
    Oldest,
    Program,
    asked_by_cargo,
    home_of,
    oldest_rust,
)
from whichext.toolchains.rust_unsafe import unsafe_lines

_OLD_SYMBOL = re.compile(r"_ZN(.+)17h[0-9a-f]{16}E")
_SYMBOL = re.compile(r"_R(.+)")
_PYO3 = ("__pyo3", "_pyo3")  # what its macros write
_DISAMBIGUATOR = re.compile(r"s[0-9A-Za-z]*_(?=\d)")  # of a crate: letters and figures at random

_NOT_BUILT = {"tests", "benches", "examples"}
_CHOOSES = ("rust-toolchain.toml", "rust-toolchain")


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
        read = (_read(command) for command in commands if command.toolchain == self.name)
        crates = [crate for crate in read if crate is not None]
        for crate in crates:
            if crate.shared:
                yield from _parts(crate, crates)

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


@dataclass(frozen=True)
class _Crate:
    """A call of rustc that compiled a crate."""

    version: str
    """What it says of itself."""
    name: str
    """Name of the crate."""
    file_stem: str
    """Name of its files, with the hash that distinguishes two versions."""
    shared: bool
    """Whether it linked a library that can be loaded."""
    code: tuple[tuple[str, str], ...]
    """Its options for generating code, `-C name=value`, in order."""
    sanitizers: tuple[str, ...]
    """Checkers that were asked for."""
    uses: tuple[str, ...]
    """Names of the files of the crates that it uses."""


def _read(command: Command) -> _Crate | None:
    """The kind of a call; None where rustc only printed information."""
    crate = ""
    kinds: set[str] = set()
    code: list[tuple[str, str]] = []
    uses: list[str] = []
    sanitizers: list[str] = []
    for option, value in _options(command.arguments):
        name, _, text = value.partition("=")
        match option:
            case "--crate-name":
                crate = value
            case "--crate-type":
                kinds |= set(value.split(","))
            case "--extern" if text:
                uses.append(Path(text).name)
            case "-C" | "--codegen":
                code.append((name.replace("_", "-"), text))
            case "-Z" if name == "sanitizer":
                sanitizers += text.split(",")
            case "-g":
                code.append(("debuginfo", "2"))
            case "-O":
                code.append(("opt-level", "3"))
            case _:
                pass  # where things lie, what is warned of
    if not kinds or crate == "___":  # what cargo calls the crate of its questions
        return None
    return _Crate(
        version=command.version,
        name=crate,
        file_stem=f"lib{crate}{dict(code).get('extra-filename', '')}",
        shared="cdylib" in kinds,
        code=tuple(code),
        sanitizers=tuple(sanitizers),
        uses=tuple(uses),
    )


def _options(arguments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Options with their values, however they are written: "-C a=b", "-Ca=b", "--codegen=a=b"."""
    words = iter(arguments)
    for word in words:
        long, equals, value = word.partition("=")
        if word in ("-g", "-O"):
            yield word, ""
        elif word.startswith("--") and equals:
            yield long, value
        elif word.startswith("--") or word in ("-C", "-Z", "-L", "-l", "-A", "-W", "-D", "-o"):
            yield word, next(words, "")
        elif word.startswith(("-C", "-Z")):
            yield word[:2], word[2:]


def _parts(library: _Crate, crates: list[_Crate]) -> Iterator[Part]:
    """A library for Python and all crates that it uses; not those of build scripts and macros."""
    by_stem = {crate.file_stem: crate for crate in crates}
    lto = _told(library).lto  # which the library's own call does for all of them
    found: set[str] = set()
    waiting = [library]
    while waiting:
        crate = waiting.pop()
        if crate.file_stem not in found:
            found.add(crate.file_stem)
            yield replace(_told(crate), lto=lto), crate.name
            # A macro's file ends with .so: it ran in the compiler, and is not in the wheel.
            stems = (Path(name).stem for name in crate.uses if name.endswith((".rlib", ".rmeta")))
            waiting += [by_stem[stem] for stem in stems if stem in by_stem]


def _told(call: _Crate) -> Settings:
    """The settings of a call of rustc."""
    code = dict(call.code)
    lto = code.get("lto", "no")
    return Settings(
        language="rust",
        compiler=f"rustc {version_number(call.version)}",
        level=code.get("opt-level", "0"),
        told=" ".join(f"opt-level={value}" for name, value in call.code if name == "opt-level"),
        isa=switched_on(_instructions(call.code)),
        openmp=False,
        debug_symbols=code.get("debuginfo", "0") not in ("0", "none"),
        lto={"": "fat", "yes": "fat", "no": None, "off": None, "n": None}.get(lto, lto),
        sanitizers=tuple(sorted(set(call.sanitizers))),
    )


def _instructions(code: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, bool]]:
    machine = dict(code).get("target-cpu")
    if machine:
        yield machine, True
    for name, value in code:
        if name == "target-feature":
            for feature in filter(None, value.split(",")):
                yield feature.lstrip("+-"), not feature.startswith("-")

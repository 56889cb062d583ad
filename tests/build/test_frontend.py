"""The real builder, with backends that come along with their project and so need no network."""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

import pytest
from build import FailedProcessError
from inline_snapshot import snapshot

from support.builds import write_wheel
from whichext.build import build_project
from whichext.build.frontend import Wheel, WheelBuildError, build_wheel
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Kernel
from whichext.model.outcome import Built
from whichext.toolchains.profiles import Telling

GIVES_THE_WHEEL = """
    import shutil

    def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
        return shutil.copy("ready/fast-1.0-py3-none-any.whl", wheel_directory).rpartition("/")[2]
"""

NOWHERE = "/nowhere/absent-1.0-py3-none-any.whl"


def write_source(folder: Path, backend: str, requires: str = "[]") -> Path:
    """A project whose backend is this code."""
    source = folder / "fast"
    write_wheel(source / "ready", "fast")
    (source / "backend.py").write_text(textwrap.dedent(backend), "utf-8")
    (source / "pyproject.toml").write_text(
        f'[build-system]\nrequires = {requires}\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "utf-8",
    )
    return source


def build(source: Path, environment: dict[str, str] | None = None) -> Wheel:
    telling = Telling(environment or {})
    return build_wheel(source, source.parent / "wheel", telling, log_of(source))


def log_of(source: Path) -> Path:
    return source.parent / "build.log"


def log_of_failure(source: Path) -> str:
    with pytest.raises(WheelBuildError):
        build(source)
    return log_of(source).read_text("utf-8")


def test_the_wheel_that_the_backend_makes_lies_in_the_wheel_folder(tmp_path: Path) -> None:
    wheel = build(write_source(tmp_path, GIVES_THE_WHEEL))
    expected = tmp_path / "wheel" / "fast-1.0-py3-none-any.whl"
    assert (wheel.path, wheel.tools, expected.is_file()) == (expected, (), True)


def test_the_backend_sees_the_variables_on_top_of_this_processs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FROM_HERE", "here")
    monkeypatch.setenv("CFLAGS", "-O2")
    shows = GIVES_THE_WHEEL + '    import os; print(os.environ["FROM_HERE"], os.environ["CFLAGS"])'
    source = write_source(tmp_path, shows)
    build(source, {"CFLAGS": "-O0"})
    assert "here -O0\n" in log_of(source).read_text("utf-8")


def test_all_that_the_backend_prints_is_in_the_log_and_nowhere_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    prints = GIVES_THE_WHEEL + "    import sys; print('out'); print('err', file=sys.stderr)"
    source = write_source(tmp_path, prints)
    build(source)
    lines = set(log_of(source).read_text("utf-8").splitlines())
    assert ({"out", "err"} <= lines, tuple(capfd.readouterr())) == (True, ("", ""))


def test_a_backend_that_raises_leaves_its_traceback_in_the_log(tmp_path: Path) -> None:
    raises = "def build_wheel(*args, **kwargs): raise RuntimeError('no luck')"
    assert "RuntimeError: no luck" in log_of_failure(write_source(tmp_path, raises))


def test_a_backend_that_is_not_there_is_named_in_the_log(tmp_path: Path) -> None:
    source = write_source(tmp_path, GIVES_THE_WHEEL)
    (source / "backend.py").unlink()
    assert "Backend 'backend'" in log_of_failure(source)


def test_a_backend_that_does_not_import_leaves_the_reason_in_the_log(tmp_path: Path) -> None:
    source = write_source(tmp_path, "import no_such_compiler\n" + textwrap.dedent(GIVES_THE_WHEEL))
    assert "ModuleNotFoundError: No module named 'no_such_compiler'" in log_of_failure(source)


def test_a_wheel_that_is_no_zip_is_a_failed_build(tmp_path: Path) -> None:
    torn = """
        from pathlib import Path

        def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
            name = "fast-1.0-py3-none-any.whl"
            Path(wheel_directory, name).write_text("no zip")
            return name
    """
    assert log_of_failure(write_source(tmp_path, torn)) == snapshot(
        "the backend's wheel fast-1.0-py3-none-any.whl is no wheel: File is not a zip file\n"
    )


def test_a_wheel_that_the_backend_only_promised_is_a_failed_build(tmp_path: Path) -> None:
    promises = "def build_wheel(*args, **kwargs): return 'fast-1.0-py3-none-any.whl'"
    log = log_of_failure(write_source(tmp_path, promises)).replace(str(tmp_path), "FOLDER")
    assert log == snapshot(
        "the backend made no wheel where it said it would: fast-1.0-py3-none-any.whl\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            subprocess.CalledProcessError(3, ["uv", "venv"], b"no space", b"left here"),
            "no space\nleft here\nCommand '['uv', 'venv']' returned non-zero exit status 3.\n",
        ),
        (
            FailedProcessError(subprocess.CalledProcessError(3, ["python"]), "no venv"),
            "no venv\n",
        ),
        (RuntimeError("no pip in it"), "no pip in it\n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_environment_that_cannot_be_made_is_a_failed_build_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(self: object) -> None:  # noqa: ARG001  # what it stands in for
        raise error

    monkeypatch.setattr("whichext.build.way.DefaultIsolatedEnv.__enter__", fail)
    assert log_of_failure(write_source(tmp_path, GIVES_THE_WHEEL)) == said


@pytest.mark.slow
def test_a_requirement_that_does_not_install_leaves_the_installers_words_in_the_log(
    tmp_path: Path,
) -> None:
    source = write_source(tmp_path, GIVES_THE_WHEEL, f'["absent @ file://{NOWHERE}"]')
    assert NOWHERE in log_of_failure(source)


ASKS_FOR_MORE = """
    def get_requires_for_build_wheel(config_settings=None):
        return {asked}
"""


@pytest.mark.parametrize(
    ("asked", "installed"),
    [
        ([], [{"stated"}]),
        (["stated"], [{"stated"}]),
        (["more"], [{"stated"}, {"more", "stated"}]),
    ],
)
def test_what_is_required_is_installed_again_only_where_the_backend_asks_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], installed: list[set[str]]
) -> None:
    calls: list[set[str]] = []
    monkeypatch.setattr(
        "whichext.build.way.DefaultIsolatedEnv.install",
        lambda _, requirements: calls.append(set(requirements)),
    )
    build(write_source(tmp_path, GIVES_THE_WHEEL + ASKS_FOR_MORE.format(asked=asked), '["stated"]'))
    assert calls == installed


def test_a_build_system_table_that_is_not_right_is_named_in_the_log(tmp_path: Path) -> None:
    source = write_source(tmp_path, GIVES_THE_WHEEL, '"flit_core"')
    assert "`build-system` in pyproject.toml" in log_of_failure(source)


@pytest.mark.slow
def test_a_project_from_outside_builds_and_its_backends_version_is_in_the_receipt(
    store: Store, row_sum: Kernel
) -> None:
    result = build_project(row_sum.projects[0], RELEASE, store).result
    assert isinstance(result, Built)
    tools = [(tool.name, tool.version.partition(".")[0]) for tool in result.tools]
    assert (result.wheel, tools) == ("plain_sum-0.1.0-py3-none-any.whl", [("flit-core", "3")])

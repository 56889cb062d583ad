"""Claims as tests: `pytest --whichext`, with races that are known and with result files."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.absent import race_without
from support.claimed import (
    OURS,
    PLUGIN,
    ROW_SUM,
    Project,
    called,
    marked,
    raced,
    raced_in_small,
    wrapped,
)
from support.cli import FakeRun, without_paths
from support.results import BUILD_FAILED, changed
from whichext import Result, check, render
from whichext.model.raw import INTERRUPTED
from whichext.report import result_file

ROOT = Path(__file__).parents[2]
TWICE, THRICE = (f"{OURS} is {times}x faster than numpy on small" for times in (2, 3))
EARLIER, KERNEL = {"result": "earlier.json"}, {"kernel": "speed"}


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """Import what claims need: pytester forgets what its runs import, and NumPy loads only once."""
    race = raced(400, kernel="row_sum")
    render(check(Result.kept(race, None), TWICE, kernel=ROW_SUM))


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of its own, beside no plugin that is installed here and without coverage."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("COV_CORE_SOURCE", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return Project(pytester)


def test_pytest_finds_the_plugin_where_whichext_is_installed() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert stated["entry-points"]["pytest11"] == {"whichext": PLUGIN}


@pytest.mark.parametrize("test", [marked, called])
def test_without_the_option_a_claim_is_skipped_with_what_to_type(
    project: Project, test: Callable[..., str]
) -> None:
    assert project.said(test(TWICE, **EARLIER), words=()) == snapshot("""\
claims are tested on request, since a race takes up to 84 s beside builds. Next: pytest
--whichext\
""")


@pytest.mark.parametrize("test", [marked, called])
def test_a_claim_that_holds_passes(project: Project, test: Callable[..., str]) -> None:
    project.run(test(TWICE, **EARLIER)).assert_outcomes(passed=1)


@pytest.mark.parametrize("test", [marked, called])
def test_a_claim_that_is_refuted_fails_with_its_interval_and_what_the_two_differ_in(
    project: Project, test: Callable[..., str]
) -> None:
    answer, report = project.said(test(THRICE, **EARLIER)).split("\n\n", maxsplit=1)
    assert f"refuted: {THRICE}\n" in report
    assert answer == snapshot("""\
refuted: plain_sum.row_sum is 3x faster than numpy on small; On small: faster, but 2.50x
[2.50, 2.50] as fast and not 3x. The two differ in toolchain (numpy -> plain_sum) alone.\
""")


@pytest.mark.parametrize("test", [marked, called])
def test_a_claim_that_is_unresolved_is_skipped_with_the_reason_and_the_settings_to_change(
    project: Project, test: Callable[..., str]
) -> None:
    result_file.write(raced(500, epochs=1), project.path / "earlier.json")
    assert project.said(test(TWICE, **EARLIER)) == snapshot("""\
unresolved: plain_sum.row_sum is 2x faster than numpy on small; On small: 2.00x [?, ?]
as fast neither shows nor excludes 2x; more epochs may resolve it (whichext_max_time,
whichext_precision); so few or noisy ones do not tell how many. The two differ in
toolchain (numpy -> plain_sum) alone.\
""")


def test_a_claim_about_what_did_not_build_fails_since_no_longer_race_would_resolve_it(
    project: Project,
) -> None:
    race = race_without({"numpy": [1_000] * 5}, {OURS: BUILD_FAILED}, kernel="speed")
    result_file.write(race, project.path / "earlier.json")
    assert project.said(marked(TWICE, **EARLIER)).split("\n\n")[0] == snapshot("""\
unresolved: plain_sum.row_sum is 2x faster than numpy on small; On small:
plain_sum.row_sum did not build: sum.c:3:1: error: unknown type. Next: install gcc.\
""")


def test_warnings_are_listed_once_whether_claims_hold_or_not(project: Project) -> None:
    race = changed(raced(400), kernel_digest="0", stopped="it was interrupted")
    result_file.write(race, project.path / "earlier.json")
    ran = project.run(marked(TWICE, **EARLIER), marked(THRICE, name="refuted", **EARLIER))
    said = ran.outlines[next(n for n, one in enumerate(ran.outlines) if "= claims =" in one) :]
    warned = [line for line in said if line.startswith("WARNING")]
    assert wrapped(without_paths("\n".join(warned), project.path)) == snapshot("""\
WARNING: the result is of another version of speed's kernel.py: its cases may have been
others. Next: make a new one with whichext run PATH/speed -o FILE.json
WARNING: The run ended before it was done: it was interrupted. Continue with the same
arguments and resume="FILE", where save="FILE" was given.\
""")


def test_the_body_of_a_marked_test_runs_where_the_claim_holds(project: Project) -> None:
    ran = project.run(
        marked(TWICE, body="raise SystemError", **EARLIER),
        marked(THRICE, name="refuted", body="raise SystemError", **EARLIER),
    )
    assert ran.stdout.str().count("E   SystemError") == 1
    ran.assert_outcomes(failed=2)


def test_all_markers_of_a_test_must_hold(project: Project) -> None:
    both = f"@pytest.mark.whichext_claim({TWICE!r}, result='earlier.json')\n"
    project.run(both + marked(THRICE, **EARLIER)).assert_outcomes(failed=1)
    project.run(both + marked(TWICE, **EARLIER)).assert_outcomes(passed=1)


def test_the_fixture_returns_the_result(project: Project) -> None:
    ratio = f"whichext_claim({TWICE!r}, result='earlier.json').ratio({OURS!r}, case='small')"
    project.run(
        f"def test_it(whichext_claim): assert round({ratio}.value, 3) == 0.4"
    ).assert_outcomes(passed=1)


# Races


def test_all_claims_on_a_kernel_share_one_race(project: Project, fake: FakeRun) -> None:
    fake.result = raced(400)
    ran = project.run(
        called(TWICE),
        marked(THRICE, name="refuted"),
        marked(f"{OURS} reaches 0.9 of the limit", name="unresolved", **KERNEL),
    )
    ran.assert_outcomes(passed=1, failed=1, skipped=1)
    assert fake.runs == 1


def test_the_race_has_what_all_markers_name_but_those_with_a_result(
    project: Project, fake: FakeRun
) -> None:
    fake.result = raced(400)
    elsewhere = f"{OURS} is faster than numpy on tall"
    project.run(called(TWICE), marked(elsewhere))
    assert fake.options.cases == ("small", "tall")
    project.run(called(TWICE), marked(elsewhere, **EARLIER))
    assert fake.options.cases == ("small",)


def test_a_claim_of_the_fixture_that_names_more_gets_a_race_of_its_own(
    project: Project, fake: FakeRun
) -> None:
    fake.result = raced_in_small(400)
    elsewhere = f"{OURS} is 2x faster than numpy on tall"
    project.run(called(TWICE), called(elsewhere, name="elsewhere"), marked(TWICE))
    assert (fake.runs, fake.options.cases) == (2, ("tall",))
    kept = project.path / ".pytest_cache" / "d" / "whichext"
    assert sorted(path.name for path in kept.iterdir()) == ["speed-2.json", "speed.json"]


def test_the_race_has_the_time_and_the_precision_of_the_configuration(
    project: Project, fake: FakeRun
) -> None:
    fake.result = raced(400)
    words = ("-o", "whichext_max_time=7", "-o", "whichext_precision=2%")
    project.run(marked(TWICE), words=("--whichext", *words)).assert_outcomes(passed=1)
    assert (fake.options.max_time_s, fake.options.precision) == (7, 0.02)


def test_the_answers_and_the_file_of_the_race_are_listed_at_the_end(
    project: Project, fake: FakeRun
) -> None:
    fake.result = raced(400)
    ran = project.run(marked(TWICE), marked(THRICE, name="refuted"))
    _, _, listed = ran.stdout.str().partition(" claims ====")
    assert wrapped(listed.lstrip("=").partition("\n====")[0]) == snapshot("""\

holds: plain_sum.row_sum is 2x faster than numpy on small; small: 2.50x [2.50, 2.50] as
fast
refuted: plain_sum.row_sum is 3x faster than numpy on small; small: 2.50x [2.50, 2.50]
as fast
The race is kept. Next: whichext show .pytest_cache/d/whichext/speed.json\
""")


def test_an_interrupted_race_ends_the_session(project: Project, fake: FakeRun) -> None:
    fake.result = changed(raced(400), stopped=INTERRUPTED)
    with pytest.raises(KeyboardInterrupt):
        project.run(marked(TWICE), marked(THRICE, name="later"))
    assert fake.runs == 1


def test_beside_other_tests_a_race_is_refused_and_a_result_file_is_not(
    project: Project, fake: FakeRun
) -> None:
    hook = "def pytest_collection(session): session.config.workerinput = {'workercount': 2}"
    project.pytester.makeconftest(hook)
    assert project.said(called(TWICE)) == snapshot("""\
a race needs the machine for itself, and 2 processes run tests. Next: pytest --whichext
-n 0\
""")
    assert fake.runs == 0
    project.run(called(TWICE, **EARLIER)).assert_outcomes(passed=1)


def test_what_coverage_would_trace_is_not_raced(
    project: Project, fake: FakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERAGE_PROCESS_START", "coverage.toml")
    assert project.said(called(TWICE)) == snapshot("""\
what races would be slowed down by coverage (COVERAGE_PROCESS_START is set). Next:
pytest --whichext --no-cov\
""")
    assert fake.runs == 0


# Wrong uses


def test_a_claim_that_cannot_be_read_fails_and_no_other_does(
    project: Project, fake: FakeRun
) -> None:
    fake.result = raced(400)
    wrong = f"{OURS} is faster then numpy"
    project.run(marked(TWICE), marked(wrong, name="wrong")).assert_outcomes(passed=1, failed=1)
    assert fake.runs == 1
    assert project.said(marked(wrong)).splitlines()[:3] == snapshot(
        [
            "whichext: the claim cannot be read: expected than, got 'then'",
            "  plain_sum.row_sum is faster then numpy",
            "                              ^^^^",
        ]
    )


@pytest.mark.parametrize(
    ("test", "words", "message"),
    [
        pytest.param(
            marked(TWICE, kernel="sped"),
            (),
            snapshot("""\
whichext: there is no kernel 'sped': expected one of find_max, large_max, or the path of
a kernel folder
Next: whichext list\
"""),
            id="kernel",
        ),
        pytest.param(
            marked(TWICE),
            ("-o", "whichext_kernel="),
            snapshot("""\
whichext: whichext_claim: no kernel is named
Next: write whichext_claim("A is faster than B", kernel="FOLDER"), or set
whichext_kernel = "FOLDER" for pytest\
"""),
            id="none",
        ),
        pytest.param(
            marked(TWICE, result="no.json"),
            (),
            snapshot("""\
whichext: PATH/no.json: expected a result file, got No such file or directory
Next: make one with whichext run KERNEL -o FILE.json\
"""),
            id="result",
        ),
        pytest.param(
            marked(TWICE, folder="speed"),
            (),
            snapshot("""\
whichext: whichext_claim: expected one sentence, and kernel or result, got
'plain_sum.row_sum is 2x faster than numpy on small', folder=
Next: write whichext_claim("A is faster than B", kernel="FOLDER")\
"""),
            id="argument",
        ),
        pytest.param(
            marked(3),
            (),
            snapshot("""\
whichext: whichext_claim: expected one sentence, and kernel or result, got 3
Next: write whichext_claim("A is faster than B", kernel="FOLDER")\
"""),
            id="text",
        ),
        pytest.param(
            marked(TWICE),
            ("-o", "whichext_max_time=long"),
            snapshot("""\
whichext: whichext_max_time="long": expected a number of seconds
Next: whichext_max_time=60\
"""),
            id="time",
        ),
        pytest.param(
            marked(TWICE),
            ("-o", "whichext_precision=2"),
            snapshot("""\
whichext: whichext_precision="2": expected a share between 0 and 1, or a percentage
Next: whichext_precision="1%"\
"""),
            id="precision",
        ),
    ],
)
def test_a_wrong_use_fails_with_what_to_write(
    project: Project, test: str, words: tuple[str, ...], message: str
) -> None:
    assert project.said(test, words=("--whichext", *words)) == message


# For real


@pytest.mark.slow
@pytest.mark.processes
def test_a_race_is_run_where_no_other_tests_are(project: Project) -> None:
    # True of every machine, so that the test depends on no speed.
    text = f"{OURS} is at least 0.000001x as fast as numpy on small"
    project.pytester.makepyfile(f"import pytest\n{marked(text)}{called(text)}")
    words = ("-p", PLUGIN, "--whichext", "-o", "whichext_max_time=0")
    project.pytester.runpytest_subprocess(*words).assert_outcomes(passed=2)
    beside = project.pytester.runpytest_subprocess(*words, "-p", "xdist", "-n", "2")
    beside.assert_outcomes(skipped=2)

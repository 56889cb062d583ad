"""The self-check, the list of entries and the doctor, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import answers

SELFCHECK = snapshot("""\
100 pairs of identical code were raced, with a median interval of ±0.8%.
5 intervals exclude 1 (5.0%; 95 % intervals may at 5 %, and up to 8% pass); 0 pairs were called
faster or slower.
Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). Dropped for stolen time: 7
of 400 rounds; 2 more were spoiled and had to stay.
passed: a verdict of a race on this machine may be believed.
""")


def test_selfcheck() -> None:
    assert answers.selfcheck() == SELFCHECK


SELFCHECK_THAT_FAILED = snapshot("""\
100 pairs of identical code were raced, with a median interval of ±0.8%.
5 intervals exclude 1 (5.0%; 95 % intervals may at 5 %, and up to 8% pass); 6 pairs were called
faster or slower.
Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). Dropped for stolen time: 7
of 400 rounds; 2 more were spoiled and had to stay.
FAILED: more than 8% of the intervals exclude 1, or more than 5% of the pairs were called faster or
slower. Do not act on verdicts from this machine now. Next: whichext doctor tells what disturbs it.
""")


def test_selfcheck_that_failed() -> None:
    assert answers.selfcheck(miscalled=6) == SELFCHECK_THAT_FAILED


SELFCHECK_OF_TOO_FEW = snapshot("""\
12 pairs of identical code were raced, with a median interval of ±0.8%.
5 intervals exclude 1 (41.7%; 95 % intervals may at 5 %, and up to 8% pass); 0 pairs were called
faster or slower.
Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). Dropped for stolen time: 7
of 400 rounds; 2 more were spoiled and had to stay.
inconclusive: expected at least 25 pairs, got 12, of which chance alone may make one look different.
Next: whichext selfcheck --cells 100.
""")


def test_selfcheck_of_too_few() -> None:
    assert answers.selfcheck(cells=12) == SELFCHECK_OF_TOO_FEW


SELFCHECK_THAT_WAS_STOPPED = snapshot("""\
60 pairs of identical code were raced, with a median interval of ±0.8%.
5 intervals exclude 1 (8.3%; 95 % intervals may at 5 %, and up to 8% pass); 0 pairs were called
faster or slower.
Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). Dropped for stolen time: 7
of 400 rounds; 2 more were spoiled and had to stay.
inconclusive: the check ended after 60 of 100 pairs: it was interrupted. Next: whichext selfcheck,
and let it finish.
""")


def test_selfcheck_that_was_stopped() -> None:
    assert answers.selfcheck(cells=60, stopped="it was interrupted") == SELFCHECK_THAT_WAS_STOPPED


LISTING = snapshot("""\
total: How fast is a sum?
┏━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ case  ┃ family ┃ input                         ┃ what it shows           ┃
┡━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ small │        │ (20, 30) float64, C order     │ fits in the first cache │
│ tall  │        │ (1,000,000, 4) int64, F order │                         │
│ 1x9   │ sweep  │ (1,000,000, 4) int64, F order │                         │
└───────┴────────┴───────────────────────────────┴─────────────────────────┘

┏━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ entry             ┃ profiles       ┃ factors           ┃ what it is                              ┃
┡━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ numpy             │ -              │ lock: held        │ the reference; every ratio's default    │
│                   │                │ toolchain: numpy  │ baseline                                │
│ cy.total          │ release        │ order: row        │ row after [b]row[/b]                    │
│                   │                │ toolchain: cython │                                         │
│ cy.total_parallel │ release, debug │ toolchain: cython │                                         │
└───────────────────┴────────────────┴───────────────────┴─────────────────────────────────────────┘
""")


def test_listing() -> None:
    assert answers.listing() == LISTING


DOCTOR = snapshot("""\
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ subject    ┃ found                        ┃ level   ┃ what to do                                 ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ turbo      │ on                           │ note    │ the frequency depends on heat: turn it off │
│ steal      │ 9.0%                         │ warning │ wait for a quieter hour, or race elsewhere │
│ C compiler │ cc (Debian                   │ good    │                                            │
│            │ 12.2.0-14+deb12u1) [x]       │         │                                            │
│            │ 12.2.0                       │         │                                            │
│ cores      │ 2 of 2 usable                │ good    │                                            │
└────────────┴──────────────────────────────┴─────────┴────────────────────────────────────────────┘
""")


def test_doctor() -> None:
    assert answers.doctor() == DOCTOR

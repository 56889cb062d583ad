"""Claims, as a whole."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from snapshots import answers

CHECK_THAT_HOLDS = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

holds: rust.total is 1.5x faster than cy.total
  small: 2.00x [1.90, 2.10] as fast
The two differ in toolchain (cy -> rust) alone.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_that_holds() -> None:
    assert answers.check_that_holds() == CHECK_THAT_HOLDS


CHECK_IN_COLOURS = snapshot("""\
\x1b[1mtotal: How fast is a sum?\x1b[0m
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

\x1b[1;32mholds\x1b[0m: rust.total is 1.5x faster than cy.total
  small: 2.00x [1.90, 2.10] as fast
The two differ in toolchain (cy -> rust) alone.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
\x1b[2m[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in \x1b[0m
\x1b[2mevery case; it is refuted where the whole interval contradicts it, in any case, both by more than \x1b[0m
\x1b[2mthe noise; otherwise it is unresolved.\x1b[0m
""")


def test_check_in_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert answers.check_in_colours() == CHECK_IN_COLOURS


CHECK_THAT_IS_REFUTED = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

refuted: rust.total is 3x faster than cy.total
  small: 2.00x [1.90, 2.10] as fast
On small: faster, but 2.00x [1.90, 2.10] as fast and not 3x.
The two differ in toolchain (cy -> rust) alone.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_that_is_refuted() -> None:
    assert answers.check_that_is_refuted() == CHECK_THAT_IS_REFUTED


CHECK_THAT_IS_UNRESOLVED = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

unresolved: rust.total is 1.95x faster than cy.total
  small: 2.00x [1.90, 2.10] as fast
On small: 2.00x [1.90, 2.10] as fast neither shows nor excludes 1.95x; about 30 epochs would
probably resolve it (--max-time, --precision).
The two differ in toolchain (cy -> rust) alone.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_that_is_unresolved() -> None:
    assert answers.check_that_is_unresolved() == CHECK_THAT_IS_UNRESOLVED


CHECK_OF_WHO_DID_NOT_BUILD = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

unresolved: zig.total is faster than cy.total
  small: -
On small: zig.total did not build: sum.c:3:1: error: unknown type. Next: install gcc.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_of_who_did_not_build() -> None:
    assert answers.check_of_who_did_not_build() == CHECK_OF_WHO_DID_NOT_BUILD


CHECK_THAT_IS_CONFOUNDED_AND_RELEASED = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

holds, but confounded: rust.total is 2x faster than cy.total@debug
  small: 4.00x [4.00, 4.00] as fast
Confounded: the two differ in optimisation (none -> O3) and toolchain (cy -> rust), so this ratio
says nothing about any one of them.
With optimisation O3 for both: rust.total is 2.00x [1.90, 2.10] as fast as cy.total on small.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_that_is_confounded_and_released() -> None:
    assert answers.check_that_is_confounded_and_released() == CHECK_THAT_IS_CONFOUNDED_AND_RELEASED


CHECK_OF_THE_LIMIT = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

holds: rust.total reaches 0.9 of the limit
  small: 1.05 [1.05, 1.05] of the limit
limit: the inputs read once (by NumPy, since the C reader was not built), the output not written

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_of_the_limit() -> None:
    assert answers.check_of_the_limit() == CHECK_OF_THE_LIMIT


CHECK_OF_THREADS = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

unresolved: rust.total[2] uses at least 2 threads
  small: -
On small: its calls were too short to count threads in.

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_check_of_threads() -> None:
    assert answers.check_of_threads() == CHECK_OF_THREADS


CLAIMS = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext check total

┏━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┓
┃   ┃ claim                        ┃ published        ┃ measured                  ┃ verdict        ┃
┡━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━┩
│ 1 │ rust.total is 1.5x faster    │ 2.4x             │ small: 2.00x [1.90, 2.10] │ holds          │
│   │ than cy.total                │                  │                           │                │
├───┼──────────────────────────────┼──────────────────┼───────────────────────────┼────────────────┤
│ 2 │ rust.total is 3x faster than │                  │ small: 2.00x [1.90, 2.10] │ refuted        │
│   │ cy.total                     │                  │                           │                │
├───┼──────────────────────────────┼──────────────────┼───────────────────────────┼────────────────┤
│ 3 │ rust.total is faster than    │ "faster" | twice │ small: -                  │ unresolved     │
│   │ go.total                     │                  │                           │                │
├───┼──────────────────────────────┼──────────────────┼───────────────────────────┼────────────────┤
│ 4 │ rust.total is 2x faster than │                  │ small: 4.00x [4.00, 4.00] │ holds,         │
│   │ cy.total@debug               │                  │                           │ but confounded │
├───┼──────────────────────────────┼──────────────────┼───────────────────────────┼────────────────┤
│ 5 │ rust.total[2] takes 0.6 of   │                  │ small: 0.60 [0.60, 0.60]  │ unresolved     │
│   │ the time of rust.total on    │                  │ tall: -                   │                │
│   │ small and tall               │                  │                           │                │
├───┼──────────────────────────────┼──────────────────┼───────────────────────────┼────────────────┤
│ 6 │ rust.total reaches 0.9 of    │                  │ small: 1.05 [1.05, 1.05]  │ holds          │
│   │ the limit                    │                  │                           │                │
└───┴──────────────────────────────┴──────────────────┴───────────────────────────┴────────────────┘
1. (the article) The two differ in toolchain (cy -> rust) alone. On a laptop.
2. On small: faster, but 2.00x [1.90, 2.10] as fast and not 3x. The two differ in toolchain (cy ->
rust) alone.
3. On small: go.total is not in this result.
4. (a talk) Confounded: the two differ in optimisation (none -> O3) and toolchain (cy -> rust), so
this ratio says nothing about any one of them. With optimisation O3 for both: rust.total is 2.00x
[1.90, 2.10] as fast as cy.total on small.
5. On small: 0.60 [0.60, 0.60] of the time neither shows nor excludes 0.6 by more than the noise of
this case, 0.3%; more epochs would not resolve it. On tall: the case tall is not in this result. The
two differ in threads (1 -> 2) alone.
6.
Of 6 claims, holds: 3, refuted: 1, unresolved: 2.
limit: the inputs read once (by NumPy, since the C reader was not built), the output not written

Noise floor: a second copy of numpy came within 0.3% of it in every case. Dropped for stolen time: 0
of 15 rounds.
[..]: 95% interval over fresh processes. A claim holds where the whole interval agrees with it, in
every case; it is refuted where the whole interval contradicts it, in any case, both by more than
the noise; otherwise it is unresolved.
""")


def test_claims() -> None:
    assert answers.claims() == CLAIMS


CLAIMS_AS_MARKDOWN = snapshot("""\
| claim | published | measured | verdict | why |
| --- | --- | --- | --- | --- |
| `rust.total is 1.5x faster than cy.total` | 2.4x | `small`: 2.00x [1.90, 2.10] | **holds** | (the article) The two differ in toolchain (cy -> rust) alone. On a laptop. |
| `rust.total is 3x faster than cy.total` |  | `small`: 2.00x [1.90, 2.10] | **refuted** | On `small`: faster, but 2.00x [1.90, 2.10] as fast and not 3x. The two differ in toolchain (cy -> rust) alone. |
| `rust.total is faster than go.total` | "faster" \\| twice | `small`: - | **unresolved** | On `small`: `go.total` is not in this result. |
| `rust.total is 2x faster than cy.total@debug` |  | `small`: 4.00x [4.00, 4.00] | **holds, but confounded** | (a talk) Confounded: the two differ in optimisation (none -> O3) and toolchain (cy -> rust), so this ratio says nothing about any one of them. With optimisation O3 for both: `rust.total` is 2.00x [1.90, 2.10] as fast as `cy.total` on `small`. |
| `rust.total[2] takes 0.6 of the time of rust.total on small and tall` |  | `small`: 0.60 [0.60, 0.60]<br>`tall`: - | **unresolved** | On `small`: 0.60 [0.60, 0.60] of the time neither shows nor excludes 0.6 by more than the noise of this case, 0.3%; more epochs would not resolve it. On `tall`: the case `tall` is not in this result. The two differ in threads (1 -> 2) alone. |
| `rust.total reaches 0.9 of the limit` |  | `small`: 1.05 [1.05, 1.05] | **holds** |  |

Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0; `whichext check total`, 2025-01-02T03:04:05+00:00.
""")


def test_claims_as_markdown() -> None:
    assert answers.claims_as_markdown() == CLAIMS_AS_MARKDOWN


CLAIMS_AS_A_SUMMARY = snapshot("""\
## Claims of `total`: refuted

| claim | verdict | measured | A and B differ in |
| --- | --- | --- | --- |
| `rust.total is 1.5x faster than cy.total` | **holds** | `small`: 2.00x [1.90, 2.10] | toolchain (cy -> rust) alone |
| `rust.total is 3x faster than cy.total` | **refuted** | `small`: 2.00x [1.90, 2.10] | toolchain (cy -> rust) alone |
| `rust.total is faster than go.total` | **unresolved** | `small`: - | - |
| `rust.total is 2x faster than cy.total@debug` | **holds, but confounded** | `small`: 4.00x [4.00, 4.00] | confounded: optimisation (none -> O3) and toolchain (cy -> rust) |
| `rust.total[2] takes 0.6 of the time of rust.total on small and tall` | **unresolved** | `small`: 0.60 [0.60, 0.60]<br>`tall`: - | threads (1 -> 2) alone |
| `rust.total reaches 0.9 of the limit` | **holds** | `small`: 1.05 [1.05, 1.05] | - |

- `rust.total is 3x faster than cy.total`: On `small`: faster, but 2.00x [1.90, 2.10] as fast and not 3x.
- `rust.total is faster than go.total`: On `small`: `go.total` is not in this result.
- `rust.total is 2x faster than cy.total@debug`: With optimisation O3 for both: `rust.total` is 2.00x [1.90, 2.10] as fast as `cy.total` on `small`.
- `rust.total[2] takes 0.6 of the time of rust.total on small and tall`: On `small`: 0.60 [0.60, 0.60] of the time neither shows nor excludes 0.6 by more than the noise of this case, 0.3%; more epochs would not resolve it. On `tall`: the case `tall` is not in this result.

Noise floor: a second copy of `numpy` came within 0.3% of it in every case. Dropped for stolen time: 0 of 15 rounds.<br>Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0; `whichext check total`, 2025-01-02T03:04:05+00:00.
""")


def test_claims_as_a_summary() -> None:
    assert answers.claims_as_a_summary() == CLAIMS_AS_A_SUMMARY

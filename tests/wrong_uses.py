"""Wrong uses of the command line and of Python: commands, and calls with what they raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import whichext
from support.results import make_race, steady
from whichext.model.errors import ClaimError, KernelError, ResultFileError, UsageError
from whichext.report.result import Result

LONG = "a" * 5_000
MANY_DIGITS = "9" * 5_000

# Of files that the place of each test has:
#   K          a kernel folder                 kernels/   a folder that is no kernel
#   r.json     a result of another kernel      v.json     a verification's result
#   notes.txt  a text                          p.json     only what a run kept of it, p.json.part
#   link       leads to notes.txt              dangling   leads nowhere
#   pipe       a named pipe                    cut.json   half a result

SHELL = """
nonsense
run
run K extra
run nowhere
run find_mx
run ''
run .
run kernels
run notes.txt
run r.json
run ~no_such_user/kernel
run LONG
run K --fast
run K --entry
run K --entry ''
run K --entry ,
run K --entry plain_sum.row_summ
run K --entry 'plain_sum.row_sum[0]'
run K --entry 'plain_sum.row_sum[2]'
run K --entry 'plain_sum.row_sum@fast'
run K --entry 'plain_sum.row_sum@'
run K --entry '[MANY_DIGITS]'
run K --entry 'a[MANY_DIGITS]'
run K --case ''
run K --case smal
run K --case small,smal
run K --case '['
run K --threads ''
run K --threads 0
run K --threads -1
run K --threads 1.5
run K --threads two
run K --threads 1,,x
run K --threads 100000
run K --threads MANY_DIGITS
run K --profile ''
run K --profile debgu
run K --profile isa=z80
run K --factor ''
run K --factor isa
run K --factor isa=
run K --factor isa=z80
run K --factor speed=high
run K --factor optimisation=none,O9
run K --baseline ''
run K --baseline numpi
run K --baseline plain_sum.row_summ
run K --max-time -1
run K --max-time x
run K --max-time nan
run K --max-time inf
run K --max-time 1e300
run K --time-limit 0
run K --time-limit -5
run K --time-limit nan
run K --time-limit inf
run K --time-limit 1e300
run K --memory-limit 0
run K --memory-limit x
run K --memory-limit nan
run K --memory-limit inf
run K --config-setting ''
run K --config-setting =1
run K --precision 0
run K --precision 100%
run K --precision x
run K --precision ''
run K --precision nan
run K --quick=yes
run K -o ''
run K -o .
run K -o /
run K -o nowhere/result.json
run K -o notes.txt
run K -o K/kernel.py
run K -o K/plain/pyproject.toml
run K -o empty.json
run K -o cut.json
run K -o link
run K -o dangling
run K -o pipe
run K -o /dev/null
run K -o /dev/stdout
run K -o /proc/result.json
run K -o LONG
run K -o r.json.part
run K -o beside.json
run K -o
run K --resume ''
run K --resume nowhere.json
run K --resume notes.txt
run K --resume cut.json
run K --resume .
run K --resume r.json
run K --resume K/kernel.py
run K --result r.json
verify
verify nowhere
verify K --entry nothing
verify K --case nothing
verify K --threads 0
verify K --baseline numpy
verify K --max-time 5
verify K --time-limit 0
verify K -o notes.txt
verify K -o K/kernel.py
audit
audit nowhere
audit K --entry nothing
audit K --case small
audit K --threads 2
audit K --profile debgu
audit K -o notes.txt
check
check nowhere
check K
check K ''
check K ' '
check K nonsense
check K 'A is faster than B'
check K 'plain_sum.row_sum is faster than'
check K 'plain_sum.row_sum is faster than numpy on smal'
check K 'plain_sum.row_sum is 0x faster than numpy'
check K 'plain_sum.row_sum is -2x faster than numpy'
check K 'plain_sum.row_sum is fastest'
check K 'plain_sum.row_sum[99999] is faster than numpy'
check K 'plain_sum.row_sum is faster than numpy' nonsense
check K 'plain_sum.row_sum is faster than numpy' --result r.json
check K 'plain_sum.row_sum is faster than numpy' --result nowhere.json
check K 'plain_sum.row_sum is faster than numpy' --result notes.txt
check K 'plain_sum.row_sum is faster than numpy' --result r.json --quick
check K 'plain_sum.row_sum is faster than numpy' --result r.json -o new.json
check K 'plain_sum.row_sum is faster than numpy' -o notes.txt
check K 'plain_sum.row_sum is faster than numpy' --max-time -1
claims
claims nowhere
claims K
memo
memo nowhere
memo K --worth 0
memo K --worth 0.5
memo K --worth nan
memo K --worth inf
memo K --worth x
memo K --worth 1000000
memo K --result r.json
memo K --result v.json
memo K --result nowhere.json
memo K --result notes.txt
memo K --result r.json --case small
memo K --result r.json --threads 1
memo K -o notes.txt
memo K --threads 0
memo K --threads 100000
show
show ''
show .
show nowhere.json
show notes.txt
show cut.json
show K/kernel.py
show LONG
show r.json --to pdf
show r.json --to ''
show r.json --baseline nobody
show r.json --baseline ''
show r.json r.json
show r.json notes
show r.json K/kernel.py
show r.json .
show r.json nowhere/report.md
show r.json dangling
show r.json pipe
show r.json /dev/null
show r.json p.json.part
show r.json a.md b.md
show notes.txt.part
list nowhere
list find_mx
list notes.txt
list K extra
doctor extra
cache extra
cache --all
cache prune extra
cache prune --older-than
cache prune --older-than -1
cache prune --older-than nan
cache prune --older-than x
cache explain
cache explain nowhere
cache explain K nobody
cache explain K extra words
selfcheck --cells 1
selfcheck --cells 100000
selfcheck --cells x
selfcheck --max-time -1
selfcheck --max-time nan
selfcheck -o notes.txt
schema extra
--no-such-option
-h
"""
"""Commands, which all end with 2."""


def result() -> Result:
    view = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    return Result(view.raw, view.judged)


class Odd:
    """What no argument may be."""


Use = Callable[[], Any]

PYTHON: dict[str, tuple[type[Exception], Use]] = {
    "run of nothing": (UsageError, lambda: whichext.run("")),
    "run of None": (UsageError, lambda: whichext.run(None)),  # type: ignore[arg-type]
    "run of a number": (UsageError, lambda: whichext.run(5)),  # type: ignore[arg-type]
    "run of an object": (UsageError, lambda: whichext.run(Odd())),  # type: ignore[arg-type]
    "run of a null byte": (UsageError, lambda: whichext.run("a\0b")),
    "run of what is not there": (UsageError, lambda: whichext.run("nowhere")),
    "run of a text file": (UsageError, lambda: whichext.run("notes.txt")),
    "a misspelt keyword": (UsageError, lambda: whichext.run("K", entrys="x")),  # type: ignore[call-arg]
    "an unknown keyword": (UsageError, lambda: whichext.verify("K", speed=1)),  # type: ignore[call-arg]
    "a number of entries": (UsageError, lambda: whichext.run("K", entries=5)),  # type: ignore[arg-type]
    "an empty entry": (UsageError, lambda: whichext.run("K", entries="")),
    "an empty entry in a list": (UsageError, lambda: whichext.run("K", entries=["numpy", ""])),
    "None in a list": (UsageError, lambda: whichext.run("K", entries=[None])),  # type: ignore[list-item]
    "an unknown entry": (UsageError, lambda: whichext.run("K", entries="nothing")),
    "an empty case": (UsageError, lambda: whichext.run("K", cases="")),
    "an object as case": (UsageError, lambda: whichext.run("K", cases=Odd())),  # type: ignore[arg-type]
    "an unknown case": (UsageError, lambda: whichext.run("K", cases=("small", "smal"))),
    "no thread": (UsageError, lambda: whichext.run("K", threads=0)),
    "fewer threads than none": (UsageError, lambda: whichext.run("K", threads=[-1])),
    "half a thread": (UsageError, lambda: whichext.run("K", threads=1.5)),  # type: ignore[arg-type]
    "threads as text": (UsageError, lambda: whichext.run("K", threads="2")),  # type: ignore[arg-type]
    "True threads": (UsageError, lambda: whichext.run("K", threads=True)),
    "a million threads": (UsageError, lambda: whichext.run("K", threads=10**6)),
    "an empty profile": (UsageError, lambda: whichext.run("K", profiles="")),
    "an unknown profile": (UsageError, lambda: whichext.run("K", profiles="debgu")),
    "an unknown factor": (UsageError, lambda: whichext.audit("K", factors="isa=z80")),
    "an empty factor": (UsageError, lambda: whichext.audit("K", factors=[""])),
    "an empty baseline": (UsageError, lambda: whichext.run("K", baseline="")),
    "a number as baseline": (UsageError, lambda: whichext.run("K", baseline=5)),  # type: ignore[arg-type]
    "an unknown baseline": (UsageError, lambda: whichext.run("K", baseline="numpi")),
    "precision 0": (UsageError, lambda: whichext.run("K", precision=0)),
    "precision 2": (UsageError, lambda: whichext.run("K", precision=2)),
    "precision as text": (UsageError, lambda: whichext.run("K", precision="1%")),  # type: ignore[arg-type]
    "precision NaN": (UsageError, lambda: whichext.run("K", precision=float("nan"))),
    "less than no time": (UsageError, lambda: whichext.run("K", max_time_s=-1)),
    "time as text": (UsageError, lambda: whichext.run("K", max_time_s="5 s")),  # type: ignore[arg-type]
    "time for ever": (UsageError, lambda: whichext.run("K", max_time_s=float("inf"))),
    "no time for an answer": (UsageError, lambda: whichext.verify("K", time_limit_s=0)),
    "no memory": (UsageError, lambda: whichext.verify("K", memory_limit_bytes=0)),
    "memory as text": (UsageError, lambda: whichext.verify("K", memory_limit_bytes="1 GB")),  # type: ignore[arg-type]
    "a setting without value": (
        UsageError,
        lambda: whichext.audit("K", config_settings=["setup-args"]),
    ),
    "a setting as number": (UsageError, lambda: whichext.run("K", config_settings=[5])),  # type: ignore[list-item]
    "isolation as text": (UsageError, lambda: whichext.run("K", isolation="no")),  # type: ignore[typeddict-item]
    "a seed as text": (UsageError, lambda: whichext.run("K", seed="x")),  # type: ignore[arg-type]
    "save as number": (UsageError, lambda: whichext.run("K", save=5)),  # type: ignore[arg-type]
    "save over a text": (ResultFileError, lambda: whichext.run("K", save="notes.txt")),
    "save over the kernel": (ResultFileError, lambda: whichext.run("K", save="K/kernel.py")),
    "save in no folder": (ResultFileError, lambda: whichext.audit("K", save="nowhere/r.json")),
    "save to a folder": (ResultFileError, lambda: whichext.verify("K", save="K")),
    "resume from nothing": (ResultFileError, lambda: whichext.run("K", resume="nowhere.json")),
    "resume from a text": (ResultFileError, lambda: whichext.run("K", resume="notes.txt")),
    "resume from a number": (UsageError, lambda: whichext.run("K", resume=5)),  # type: ignore[arg-type]
    "resume from another": (UsageError, lambda: whichext.run("K", resume="r.json")),
    "check of nothing": (UsageError, lambda: whichext.check("nowhere", "A is faster than B")),
    "check of a number": (UsageError, lambda: whichext.check(5, "A is faster")),  # type: ignore[arg-type]
    "a claim that is none": (ClaimError, lambda: whichext.check("K", "nonsense")),
    "a claim that is empty": (ClaimError, lambda: whichext.check("K", "")),
    "a claim that is a number": (UsageError, lambda: whichext.check("K", 5)),  # type: ignore[arg-type]
    "a claim of strangers": (ClaimError, lambda: whichext.check("K", "A is faster than B")),
    "no claims at all": (KernelError, lambda: whichext.check("K")),
    "check of another's": (UsageError, lambda: whichext.check(result(), "A is faster", kernel="K")),
    "a race beside a result": (UsageError, lambda: whichext.check(result(), "A", max_time_s=1)),
    "compare one": (UsageError, lambda: whichext.compare(sum, inputs=([1],))),
    "compare a number": (UsageError, lambda: whichext.compare(sum, 5, inputs=([1],))),  # type: ignore[arg-type]
    "compare on a list": (UsageError, lambda: whichext.compare(sum, max, inputs=[1])),  # type: ignore[arg-type]
    "compare a lambda twice": (
        UsageError,
        lambda: whichext.compare(lambda v: v, lambda v: v, inputs=([1],)),
    ),
    "compare by a number": (UsageError, lambda: whichext.compare(sum, max, inputs=([1],), equal=1)),  # type: ignore[arg-type]
    "load nothing": (UsageError, lambda: whichext.load_kernel("")),
    "load None": (UsageError, lambda: whichext.load_kernel(None)),  # type: ignore[arg-type]
    "load a folder without": (UsageError, lambda: whichext.load_kernel("kernels")),
    "read nothing": (ResultFileError, lambda: whichext.read("")),
    "read None": (UsageError, lambda: whichext.read(None)),  # type: ignore[arg-type]
    "read a text": (ResultFileError, lambda: whichext.read("notes.txt")),
    "read a folder": (ResultFileError, lambda: whichext.read("K")),
    "read half": (ResultFileError, lambda: whichext.read("cut.json")),
    "read a null byte": (ResultFileError, lambda: whichext.read("a\0b")),
    "render a text": (UsageError, lambda: whichext.render("r.json")),  # type: ignore[arg-type]
    "render to PDF": (UsageError, lambda: whichext.render(result(), "pdf")),
    "render to 5": (UsageError, lambda: whichext.render(result(), 5)),  # type: ignore[arg-type]
    "ratio of a stranger": (UsageError, lambda: result().ratio("nobody")),
    "ratio of a number": (UsageError, lambda: result().ratio(5)),  # type: ignore[arg-type]
    "ratio to a stranger": (UsageError, lambda: result().ratio("cy.total", "nobody")),
    "ratio in no case": (UsageError, lambda: result().ratio("cy.total", case="nowhere")),
    "leaders of no case": (UsageError, lambda: result().leaders("nowhere")),
    "memory of a stranger": (UsageError, lambda: result().memory("nobody")),
    "memory in no case": (UsageError, lambda: result().memory("cy.total", "nowhere")),
    "save a result over a text": (ResultFileError, lambda: result().save("notes.txt")),
    "save a result to a number": (UsageError, lambda: result().save(5)),  # type: ignore[arg-type]
    "memo of nothing": (UsageError, lambda: whichext.tools.memo("nowhere")),
    "memo of a threshold below 1": (UsageError, lambda: whichext.tools.memo("K", min_speedup=0.5)),
    "memo of NaN": (UsageError, lambda: whichext.tools.memo("K", min_speedup=float("nan"))),
    "memo of a text": (UsageError, lambda: whichext.tools.memo("K", min_speedup="x")),  # type: ignore[arg-type]
    "memo of no thread": (UsageError, lambda: whichext.tools.memo("K", threads=0)),
    "pruning what is younger than now": (UsageError, lambda: whichext.tools.prune_cache(-1)),
    "pruning by a text": (UsageError, lambda: whichext.tools.prune_cache("x")),  # type: ignore[arg-type]
    "explaining nothing": (UsageError, lambda: whichext.tools.explain_cache("nowhere")),
    "explaining a stranger": (UsageError, lambda: whichext.tools.explain_cache("K", "nobody")),
    "selfcheck of one pair": (UsageError, lambda: whichext.tools.selfcheck(1)),
    "selfcheck of a text": (UsageError, lambda: whichext.tools.selfcheck("x")),  # type: ignore[arg-type]
    "selfcheck of no time": (UsageError, lambda: whichext.tools.selfcheck(max_time_s=-1)),
    "selfcheck over a text": (ResultFileError, lambda: whichext.tools.selfcheck(save="notes.txt")),
}
"""Calls, each with the exception that it ends with."""

"""Real notebooks: what cells show while they run and afterwards, and what an interrupt leaves."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbclient
import nbformat
import psutil
import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from jupyter_client.manager import start_new_kernel

from support.processes import PATIENCE_S, until

pytestmark = [pytest.mark.slow, pytest.mark.processes]

COMPARE = """
import numpy as np
from whichext import compare, render

values = np.arange(1000.0)

def mine(v):
    return v.sum()

result = compare(mine, lambda v: float(v @ np.ones(len(v))), inputs=(values,), max_time_s=1)
result
"""
LONG = """
import numpy as np
from whichext import compare

values = np.arange(1000.0)
result = compare(
    {"sum": np.sum, "add": lambda v: np.add.reduce(v)},
    inputs=(values,), max_time_s=600, precision=1e-9,
)
"""
SLOW = """
from whichext import compare

functions = {"sum": lambda n: sum(range(n)), "loop": lambda n: sum(i for i in range(n))}
result = compare(functions, inputs=(1_000_000,), max_time_s=600, precision=1e-9)
"""
TOLD = """
import json
print(json.dumps({
    "stopped": result.raw.stopped,
    "ok": result.ok,
    "exit_code": result.exit_code,
    "leaders": result.leaders(),
    "epochs": max((s.epoch + 1 for t in result.raw.timings for s in t.samples), default=0),
    "text": str(result),
    "rows": len(result.to_pandas()),
    "html": result._repr_html_(),
}))
"""
MARK = "WHICHEXT_TEST_NOTEBOOK"


def executed(path: Path, *cells: str) -> list[list[Any]]:
    """The outputs of each cell of a notebook that was run as a whole."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    where = {"metadata": {"path": path}}
    nbclient.NotebookClient(notebook, timeout=120, resources=where).execute()
    return [cell.outputs for cell in notebook.cells]


def test_a_notebook_shows_a_bar_that_goes_and_the_report_as_tables(tmp_path: Path) -> None:
    shown, table, forms, silent = executed(
        tmp_path,
        COMPARE,
        "result.to_pandas()",
        "print(render(result)); print(render(result, 'markdown')); print(render(result, 'html'))",
        "compare(mine, np.sum, inputs=(values,), max_time_s=0, progress=False) and None",
    )
    progress, result = shown
    assert (progress["output_type"], result["output_type"]) == ("display_data", "execute_result")
    assert progress["data"]["text/plain"].startswith("race: ")  # its note alone
    assert len(progress["data"]["text/plain"].splitlines()) == 1
    assert "<progress" not in progress["data"]["text/html"]
    page = result["data"]["text/html"]
    assert page.startswith('<div class="whichext">')
    assert '<th scope="row" class="whichext-left"><code>&lt;lambda&gt;</code></th>' in page
    assert "<td>mine</td>" in table[0]["data"]["text/html"]
    printed = "".join(one["text"] for one in forms)  # a large one comes in several
    assert "┏" in printed
    assert "| `mine` |" in printed
    assert "<!DOCTYPE html>" in printed
    assert silent == []


class Kernel:
    """The kernel of a notebook, and what it says."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient, mark: str) -> None:
        self.manager, self.client, self.mark = manager, client, mark

    def begin(self, cell: str) -> None:
        """Start a cell."""
        self.client.execute(cell)

    def read(self) -> tuple[str, dict[str, Any]]:
        """The next message."""
        message = self.client.get_iopub_msg(timeout=PATIENCE_S)
        return message["msg_type"], message["content"]

    def read_until(self, pattern: str) -> None:
        """Wait until the bar says that."""
        while not re.search(pattern, self.read()[1].get("data", {}).get("text/plain", "")):
            pass

    def end(self) -> str:
        """Wait until the cell has ended; what it printed."""
        printed = ""
        while True:
            kind, content = self.read()
            assert kind != "error", content
            if kind == "stream":
                printed += content["text"]
            if kind == "status" and content["execution_state"] == "idle":
                return printed

    def left(self) -> list[psutil.Process]:
        """All processes that came from the kernel's, wherever they are now; also zombies."""
        mine = self.manager.provisioner.pid
        found = psutil.Process(mine).children(recursive=True)
        for process in psutil.process_iter():
            try:
                marked = process.environ().get(MARK) == self.mark
            except psutil.Error:
                continue
            if marked and process.pid != mine:
                found.append(process)
        return found


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """The kernel of a notebook."""
    mark = uuid4().hex
    manager, client = start_new_kernel(cwd=str(tmp_path), env={**os.environ, MARK: mark})
    yield Kernel(manager, client, mark)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def told_after(kernel: Kernel, *, twice: bool = False) -> dict[str, Any]:
    """What the next cell finds of a result after an interrupt, and that no process was left."""
    kernel.manager.interrupt_kernel()
    if twice:
        kernel.read_until("^race: ")  # the bar has gone, and the crew ends
        kernel.manager.interrupt_kernel()
    kernel.end()
    assert until(lambda: kernel.left() == [])
    kernel.begin(TOLD)
    told: dict[str, Any] = json.loads(kernel.end())
    assert (told["stopped"], told["ok"], told["exit_code"]) == ("it was interrupted", False, 1)
    assert "it was interrupted" in told["text"]
    assert "it was interrupted" in told["html"]
    return told


def test_an_interrupt_keeps_the_epochs_that_there_are(kernel: Kernel) -> None:
    kernel.begin(LONG)
    kernel.read_until("epoch 3")
    told = told_after(kernel)
    assert (told["epochs"] >= 2, told["leaders"] != [], told["rows"]) == (True, True, 3)


def test_an_interrupt_that_comes_twice_keeps_them_as_well(kernel: Kernel) -> None:
    kernel.begin(LONG)
    kernel.read_until("epoch 3")
    assert told_after(kernel, twice=True)["epochs"] >= 2


@pytest.mark.parametrize("when", ["nasty ways", "sum on inputs", "epoch 1"])
def test_an_interrupt_before_there_is_an_epoch_says_that_nothing_was_measured(
    kernel: Kernel, when: str
) -> None:
    kernel.begin(SLOW)
    kernel.read_until(when)
    told = told_after(kernel)
    assert (told["epochs"], told["leaders"]) == (0, [])
    assert told["rows"] >= 2


def test_an_interrupt_while_inputs_are_made_leaves_no_process(
    kernel: Kernel, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    endless = f"""
    from pathlib import Path
    from whichext import compare

    def endless(size):
        Path({str(pipe)!r}).write_text("making")
        while True:
            pass

    result = compare(sorted, list, inputs=endless, sizes=(3,))
    """
    kernel.begin("\n".join(line[4:] for line in endless.splitlines()))
    assert pipe.read_text() == "making"
    assert told_after(kernel)["epochs"] == 0


def test_an_interrupt_counts_in_a_cell_that_awaits(kernel: Kernel) -> None:
    kernel.begin(f"import asyncio\nawait asyncio.sleep(0)\n{LONG}")
    kernel.read_until("epoch 3")
    assert told_after(kernel)["epochs"] >= 2


def test_an_interrupted_result_is_saved_and_continued(kernel: Kernel, tmp_path: Path) -> None:
    kernel.begin(
        LONG.replace("max_time_s=600", f"max_time_s=600, save={str(tmp_path / 'r.json')!r}")
    )
    kernel.read_until("epoch 3")
    kept = told_after(kernel)["epochs"]
    again = LONG.replace("max_time_s=600", f"max_time_s=600, resume={str(tmp_path / 'r.json')!r}")
    kernel.begin(again)
    kernel.read_until(f"epoch {kept + 2}")
    assert told_after(kernel)["epochs"] > kept

"""A project that builds in a second, and the program in an environment: for tests of odd ones.

Its backend lies in its own folder and asks for no package, so that a build needs no network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 240

_FILES = {
    "kernel.py": """
        import numpy as np
        from whichext import Case, Kernel

        def total(values):
            return int(values[0])

        KERNEL = Kernel(
            question="How fast is the first element?",
            reference=total,
            inputs=lambda case: (np.arange(*case.shape),),
            cases=(Case(name="small", shape=(4,), dtype="int64"),),
            arguments=None,
        )
    """,
    "first/pyproject.toml": """
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]

        [project]
        name = "first"
        version = "1.0"

        [tool.whichext]
        module = "first"
        toolchain = "c"
        needs = ["cc"]

        [[tool.whichext.entries]]
        function = "first"
    """,
    "first/first.c": """
        #include <Python.h>

        static PyObject *first(PyObject *self, PyObject *values) {
            PyObject *item = PySequence_GetItem(values, 0);
            PyObject *number = item ? PyNumber_Long(item) : NULL;
            Py_XDECREF(item);
            return number;
        }

        static PyMethodDef methods[] = {{"first", first, METH_O, NULL}, {NULL, NULL, 0, NULL}};
        static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "first", NULL, -1, methods};
        PyMODINIT_FUNC PyInit_first(void) { return PyModule_Create(&module); }
    """,
    "first/backend.py": """
        import os, shlex, subprocess, sys, sysconfig, zipfile

        def build_wheel(folder, config_settings=None, metadata_directory=None):
            library = "first" + sysconfig.get_config_var("EXT_SUFFIX")
            flags = shlex.split(os.environ.get("CFLAGS", "-O2"))
            compiler = shlex.split(os.environ.get("CC", "cc"))
            include = "-I" + sysconfig.get_path("include")
            compile = [*flags, "-fPIC", include, "-c", "first.c", "-o", "first.o"]
            if subprocess.run([*compiler, *compile]).returncode:
                sys.exit(1)
            subprocess.run([*compiler, "-shared", "first.o", "-o", library], check=True)
            about = "Metadata-Version: 2.1\\nName: first\\nVersion: 1.0\\n"
            fits = "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: py3-none-any\\n"
            name, info = "first-1.0-py3-none-any.whl", "first-1.0.dist-info"
            with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                wheel.write(library)
                wheel.writestr(f"{info}/METADATA", about)
                wheel.writestr(f"{info}/WHEEL", fits)
                record = [library, f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD"]
                wheel.writestr(f"{info}/RECORD", "".join(f"{one},,\\n" for one in record))
            return name
    """,
}


def write_kernel(folder: Path) -> Path:
    """Write the kernel and its project into a folder, which is made."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), "utf-8")
    return folder


@dataclass(frozen=True)
class Ended:
    """How the program ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that it printed, with every run of white space as one space."""
        return " ".join(f"{self.out} {self.err}".split())


def typed(*words: object, environment: Mapping[str, str | None], python: str = "") -> Ended:
    """The program in this process's environment with some variables changed; None unsets one."""
    variables = {**os.environ, **environment}
    ended = subprocess.run(
        [python or sys.executable, "-m", "whichext", *map(str, words)],
        env={name: value for name, value in variables.items() if value is not None},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Ended(
        ended.returncode,
        ended.stdout.decode("utf-8", "replace"),
        ended.stderr.decode("utf-8", "replace"),
    )

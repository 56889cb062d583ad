"""Compile the loop as a script does that knows where its compiler is."""

import subprocess
from pathlib import Path

from setuptools import Extension, setup

compiler = next(path for path in ("/usr/bin/gcc", "/usr/bin/clang") if Path(path).exists())
subprocess.run([compiler, "-O0", "-fPIC", "-c", "loop.c", "-o", "loop.o"], check=True)
extension = Extension(
    "by_script", ["by_script.c"], extra_objects=["loop.o"], extra_compile_args=["-O3", "-g0"]
)
setup(py_modules=[], ext_modules=[extension])

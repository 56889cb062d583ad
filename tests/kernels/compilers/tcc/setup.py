"""Compile with tcc, whatever CC says."""

import os

from setuptools import Extension, setup

os.environ |= {"CC": "tcc", "LDSHARED": "tcc -shared", "CFLAGS": "-O2"}
setup(py_modules=[], ext_modules=[Extension("tcc", ["tcc.c", "loop.c"])])

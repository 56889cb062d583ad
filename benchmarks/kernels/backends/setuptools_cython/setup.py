from Cython.Build import cythonize
from setuptools import setup

directives = {"boundscheck": False, "wraparound": False}
setup(py_modules=[], ext_modules=cythonize("setuptools_cython.pyx", compiler_directives=directives))

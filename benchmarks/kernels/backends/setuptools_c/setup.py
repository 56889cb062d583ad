from setuptools import Extension, setup

# A level of its own, behind whatever the environment has.
setup(py_modules=[], ext_modules=[Extension("setuptools_c", ["total.c"], extra_compile_args=["-O3"])])

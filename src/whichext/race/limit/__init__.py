"""The hardware limit: how fast this machine can at least read what a kernel is given.

`limitprobe/` is an extension project like any contestant's, built by the same stage and raced in
the same rounds; `fallback.py` reads with NumPy alone where there is no C compiler. Both have
`read(*arguments, threads=1)` and return the same checksum.
"""

"""The machine that a result was measured on, as far as it matters to a timing."""

from __future__ import annotations

from msgspec import Struct


class Machine(Struct, frozen=True, kw_only=True):
    """The machine and the Python that a result was measured on."""

    cpu: str
    """The processor's name for itself."""
    cores: int
    """Processors that this process may use."""
    memory_bytes: int
    """Installed memory, bytes."""
    l2_cache_bytes: int | None
    """Second-level cache, bytes; None where the system does not tell."""
    l3_cache_bytes: int | None
    """Last-level cache, bytes; None where the system does not tell."""
    isa: str
    """The widest vector instructions: "avx512", "avx2", "sse4.2", "neon" or "baseline"."""
    virtual: bool
    """Whether a hypervisor announces itself."""
    system: str
    """Operating system, its release and the architecture."""
    python: str
    """Implementation and version."""
    numpy: str
    """Version of NumPy."""

"""Reads arrays once, as fast as the machine can."""

from limitprobe._limitprobe import read

__all__ = ["read"]

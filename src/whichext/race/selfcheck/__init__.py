"""The kernel of the self-check: one piece of code, raced against copies of itself."""

"""Stage 1, load: a kernel folder becomes a `Kernel`, and contestants are selected from it."""

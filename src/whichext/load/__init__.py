"""Stage 1, load: a kernel folder becomes a `Kernel`, and who was asked for is chosen from it."""

"""A published hash is computed again."""

from whichext import Case, Kernel

KNOWN = {b"": b"$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."}
"""What the algorithm's test vectors give for a password, with the cost 6."""

KERNEL = Kernel(
    question="How fast is a password hashed?",
    reference=lambda password, salt: KNOWN[password],
    inputs=lambda case: (b"", KNOWN[b""][:29]),
    cases=(Case("small"),),
)

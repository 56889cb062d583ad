"""What the words of options mean."""

from __future__ import annotations

from whichext.model.errors import UsageError

Texts = list[str] | None
"""An option that may be given several times; of one that may not, only the last would count."""


def words(texts: Texts) -> tuple[str, ...]:
    """All words that an option was given, with commas or again."""
    found = (word.strip() for text in texts or () for word in text.split(","))
    return tuple(word for word in found if word)


def settings(texts: Texts) -> tuple[str, ...]:
    """Settings one by one: "isa=baseline,native" are two."""
    found: list[str] = []
    for text in texts or ():
        factor, _, values = text.partition("=")
        found += [f"{factor.strip()}={value.strip()}" for value in values.split(",")]
    return tuple(dict.fromkeys(found))


def bytes_of(gigabytes: float | None) -> int | None:
    """A limit in bytes; None where none was given."""
    return None if gigabytes is None else round(gigabytes * 1e9)


def share(text: str) -> float:
    """A share: "1%" and "0.01" are the same one."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise UsageError(
            f"--precision {text}: expected a share between 0 and 1, or a percentage",
            "--precision 1%",
        )
    return share


def counts(texts: Texts) -> tuple[int, ...]:
    """Whole numbers above 0, each once."""
    found = words(texts)
    if not all(word.isdecimal() and int(word) > 0 for word in found):
        raise UsageError(
            f"--threads {','.join(texts or ())}: expected whole numbers of at least 1 with commas",
            "--threads 1,2",
        )
    return tuple(dict.fromkeys(int(word) for word in found))

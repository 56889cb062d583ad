"""Arguments of a call, by what they are called."""

from __future__ import annotations

import pytest

from whichext.model.call import Call, name_in


@pytest.mark.parametrize(("number", "name"), [(0, "values"), (1, None), (2, "window")])
def test_an_argument_has_the_name_of_its_parameter_or_of_its_keyword(
    number: int, name: str | None
) -> None:
    assert name_in(Call(1, 2, window=3), number, ("values",)) == name

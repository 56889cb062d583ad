"""What the source of a function shows: plain loops, a generator, arguments that it changes."""

from __future__ import annotations

import ast

import pytest

from whichext.load.scaffold_function import changed_parameters, is_generator, is_plain


def function_of(body: str, parameters: str = "v, n") -> ast.FunctionDef:
    (function,) = ast.parse(f"def f({parameters}):\n    {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    return function


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("v[0] = n", "v"),
        ("v[0, 1] *= 2", "v"),
        ("v += n", "v"),
        ("del v[0]", "v"),
        ("v.sort()", "v"),
        ("np.clip(v, 0, n, out=v)", "v"),
        ("w = v[1:]\n    w[0] = n", "v"),
        ("v = np.asarray(v)\n    v[0] = n", "v"),
        ("v.flat[0] = n", "v"),
        ("for i in range(n):\n        v[i] = v[i - 1]", "v"),
        ("v = v.copy()\n    v[0] = n", ""),
        ("out = np.zeros(n)\n    out[0] = v[0]", ""),
        ("w = v * 2\n    w += 1\n    return w", ""),
        ("return v.sum()", ""),
        ("return sorted(v)", ""),
    ],
)
def test_a_parameter_whose_value_is_changed_is_found(body: str, changed: str) -> None:
    assert changed_parameters(function_of(body)) == frozenset(changed)


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("yield n", True),
        ("yield from v", True),
        ("def g():\n        yield n\n    return list(g())", False),
        ("return [x for x in v]", False),
    ],
)
def test_a_generator_is_one_by_its_own_body(body: str, is_one: bool) -> None:
    assert is_generator(function_of(body)) is is_one


def test_a_keyword_alone_makes_a_function_more_than_plain_loops() -> None:
    placed, named = (function_of("return n", one) for one in ("v, n=1", "v, *, n=1"))
    assert is_plain([placed], placed)
    assert not is_plain([named], named)

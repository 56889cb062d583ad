"""The site: what Sphinx makes of the pages in this folder.

    make docs    # HTML in build/docs; every warning is an error

Nothing is fetched: no inventory of another site, and the theme brings its fonts and scripts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whichext import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "whichext"
author = "the authors of whichext"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["results"]
html_theme = "pydata_sphinx_theme"
html_title = "whichext"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {page: [] for page in ("index", "tutorial", "glossary")}  # no pages beside them
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "whichext"},
    "navbar_align": "left",
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
maximum_signature_line_length = 80  # an argument a line
smartquotes = False  # what is quoted is often code
default_role = "code"  # in a docstring as in Markdown
napoleon_use_ivar = True
napoleon_use_rtype = False
nitpick_ignore_regex = [
    ("py:.*", r"(?!whichext\.(?!model\.)).*")
]  # types of others, and data inside

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/whichext/whichext"
OUTSIDE = re.compile(r"\]\((?:\.\./)*((?:README|CONTRIBUTING|CHANGELOG)\.md)(#[\w-]+)?\)")
METHODOLOGY = re.compile(r"\]\((?:\.\./)+METHODOLOGY\.md")


DEFAULTS = {
    r"<class '(?:\w+\.)*(\w+)'>": r"\1",
    r"<factory>": "{}",
    r"PosixPath\('\.'\)": "Path()",
    r"Tolerance\(relative=.*?None\)": "Tolerance()",
}
"""How defaults are shown that `repr()` does not show as Python."""


def link(text: str) -> str:
    """A page with its links to files at the root of the repository as they are on the site."""
    text = METHODOLOGY.sub("](/methodology.md", text)
    return OUTSIDE.sub(rf"]({REPOSITORY}/blob/main/\1\2)", text)


def _link_page(_app: Sphinx, _page: str, content: list[str]) -> None:
    content[0] = link(content[0])


def _link_included(_app: Sphinx, _path: Path, _page: str, content: list[str]) -> None:
    content[0] = link(content[0])


def _show_defaults(*about: Any) -> tuple[str, str] | None:
    *_, signature, returned = about
    for shown, python in DEFAULTS.items() if signature else ():
        signature = re.sub(shown, python, signature)
    return signature, returned


def _keep_sentences(app: Sphinx) -> None:
    """Keep napoleon from reading "The checks that failed: ..." as a type and its description."""
    kept: dict[str, list[str]] = {}

    def keep(
        _app: Sphinx, what: str, name: str, _of: object, _how: object, text: list[str]
    ) -> None:
        if what in ("attribute", "property"):
            kept[name] = [*text]

    def give_back(
        _app: Sphinx, _what: str, name: str, _of: object, _how: object, text: list[str]
    ) -> None:
        text[:] = kept.pop(name, text)

    app.connect("autodoc-process-docstring", keep, priority=1)
    app.connect("autodoc-process-docstring", give_back, priority=999)


def setup(app: Sphinx) -> None:
    """Have links rewritten, which GitHub shows as they are, and docstrings shown as they read."""
    app.connect("source-read", _link_page)
    app.connect("include-read", _link_included)
    app.connect("autodoc-process-signature", _show_defaults)
    _keep_sentences(app)

"""The site: what Sphinx makes of the pages in this folder.

    make docs    # HTML in build/docs; every warning is an error

Nothing is fetched: no inventory of another site, and the theme brings its fonts and scripts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

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
nitpick_ignore_regex = [("py:.*", ".*")]  # types in signatures, most of them not public

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/whichext/whichext"
OUTSIDE = re.compile(r"\]\((?:\.\./)*((?:README|CONTRIBUTING|CHANGELOG)\.md)(#[\w-]+)?\)")
METHODOLOGY = re.compile(r"\]\((?:\.\./)+METHODOLOGY\.md")


def link(text: str) -> str:
    """A page with its links to files at the root of the repository as they are on the site."""
    text = METHODOLOGY.sub("](/methodology.md", text)
    return OUTSIDE.sub(rf"]({REPOSITORY}/blob/main/\1\2)", text)


def _link_page(_app: Sphinx, _page: str, content: list[str]) -> None:
    content[0] = link(content[0])


def _link_included(_app: Sphinx, _path: Path, _page: str, content: list[str]) -> None:
    content[0] = link(content[0])


def setup(app: Sphinx) -> None:
    """Have links to the root of the repository rewritten, which GitHub shows as they are."""
    app.connect("source-read", _link_page)
    app.connect("include-read", _link_included)

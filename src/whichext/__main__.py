"""`python -m whichext`."""

from whichext.cli import main

main()

"""`python -m whichext`."""

from whichext.cli.app import main

main()

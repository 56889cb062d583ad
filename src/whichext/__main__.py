"""`python -m whichext`."""

from whichext.cli.main import main

main()

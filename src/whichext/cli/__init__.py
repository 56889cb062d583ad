"""The command line: words -> options -> exit code. One file a command, or for a few that are alike.

`tools` has for Python what is no verb of a race.
"""

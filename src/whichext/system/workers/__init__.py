"""Processes in which contestants run, apart from whichext itself and from each other.

    conductor (the command)  --starts-->  host: holds the inputs, once
        |                                   |  forks
        '------------ asks -------------> worker: one contestant, its own imports and threads

The host never imports a contestant, so every worker starts as clean as the first. Inputs are made
in the host by ordinary NumPy calls; a fork gives them to each worker without a copy, and a worker
that writes to its input writes to pages of its own. A stage hands `Crew.spawn` the name of the
module that answers its questions inside the worker: `REQUEST` decodes them, `answer` answers them.
"""

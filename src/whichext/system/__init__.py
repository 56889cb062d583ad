"""All that touches the operating system: the machine, processes, signals, the terminal."""

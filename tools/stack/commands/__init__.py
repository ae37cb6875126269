"""The sub-commands of `./run`, one module each."""

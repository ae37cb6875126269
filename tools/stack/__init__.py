"""Runs every part of Vigie on one machine: the `./run` command and its supervisor."""

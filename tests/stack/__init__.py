"""Tests of `./run` and its supervisor, with small stand-ins for the parts of Vigie."""

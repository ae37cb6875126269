"""The outside world, behind one small protocol."""

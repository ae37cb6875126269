"""The rules in plain Python: states, timing, plans, texts, errors. No Django."""

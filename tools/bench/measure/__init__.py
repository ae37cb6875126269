"""The process that measures: it has Django, and starts what it measures."""

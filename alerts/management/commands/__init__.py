"""manage.py watch, manage.py audit."""

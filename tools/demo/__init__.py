"""One missed check-in, from sign-in to all-clear, played from outside against a running stack."""

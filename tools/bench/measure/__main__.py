"""`python -m tools.bench.measure`: runs the benchmarks that were asked for."""

import sys

import django

django.setup()

from tools.bench.suite import main  # noqa: E402 - models can be named only once Django is set up

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

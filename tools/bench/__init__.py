"""The benchmarks: Vigie and a reference side by side, on a durable database."""

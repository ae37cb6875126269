"""The watcher: sweeps what is due, sends what is queued, settles what came of it."""

"""PINs: judged, recorded alike in both worlds, and what the watcher makes of them."""

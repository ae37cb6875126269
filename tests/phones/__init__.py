"""The simulated phone network, talked to by the real library."""

"""Tools beside the product: the launcher, the simulated phones, the demo."""

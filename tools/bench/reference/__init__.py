"""What Vigie is compared with: the usual way to write the same thing."""

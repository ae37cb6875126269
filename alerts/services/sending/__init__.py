"""What leaves: claimed under a lease, written, sent, settled, receipted."""

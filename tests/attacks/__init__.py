"""What somebody would try who holds the phone, a link or the network."""

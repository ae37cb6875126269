"""Twilio: the only package that knows its library, its codes and its signatures."""

"""Signed callbacks from providers."""

"""Who may ask: everybody, or the owner who is signed in."""

from rest_framework.permissions import AllowAny, IsAuthenticated

SignedIn = IsAuthenticated
Anyone = AllowAny

__all__ = ["Anyone", "SignedIn"]

"""Server-rendered pages for contacts and for the owner's timer."""

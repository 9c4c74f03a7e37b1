"""The search page: rendered on the server, usable without JavaScript."""

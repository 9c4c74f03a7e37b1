"""The HTTP API under /api/v1, and the application that serves it together with the page."""

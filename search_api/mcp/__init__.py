"""The index as tools of an assistant (Model Context Protocol)."""

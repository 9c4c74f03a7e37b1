"""From files to documents: one module a format. Every character keeps its place in the source."""

"""From files to a searchable index: reading, parsing, analysis, storage."""

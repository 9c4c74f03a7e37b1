"""Where items are stored and found: one protocol, one implementation a backend."""

"""What a notice is: domain types, citations and stable identifiers. Knows no other package and does no I/O."""

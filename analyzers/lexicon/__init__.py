"""What the analysis knows of the field: data files, and the functions that load them."""

"""From text to terms and vectors: the same analysis for every backend. Knows the types of `corpus` only."""

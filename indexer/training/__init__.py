"""Adapting an embedding model to the notices that an index holds, without labels."""

"""The demonstration's people and organisations, which can be taken away again."""

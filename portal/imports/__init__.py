"""The back office's extracts: read, checked, told line by line, each file kept whole or not at all."""

"""One-time codes, posted or sent by SMS: keyed hashes, counted tries."""

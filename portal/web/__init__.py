"""What surrounds every page: what comes in, what goes out, and what is said when nothing can be."""

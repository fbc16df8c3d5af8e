"""Home and the frame: what each app registers there, and what a person sees of it."""

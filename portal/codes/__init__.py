"""One-time codes: posted ones here; what they open is the business of the apps."""

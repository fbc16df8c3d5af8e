"""Documents, transmissions and certificates: who may see and ask for them."""

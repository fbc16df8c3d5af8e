"""Bad-weather stoppages: who may see and declare them."""

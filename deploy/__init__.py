"""What a container runs besides the portal: its health, and beat’s scheduler."""

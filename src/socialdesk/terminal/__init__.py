"""How the app writes to and reads from the terminal."""

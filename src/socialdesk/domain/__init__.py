"""What the desk knows, as pure functions and frozen values: no input, no output, no clock."""

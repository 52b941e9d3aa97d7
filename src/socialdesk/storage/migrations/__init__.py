"""The steps from one schema of the desk file to the next."""

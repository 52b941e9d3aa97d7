"""What Facebook and Instagram have in common: the Graph API's calls and refusals, and private messages."""

"""The network's team at its door: signing in by link, the second factor, sessions, and who looks after them."""

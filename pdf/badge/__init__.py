"""The open badge that recognises an immersion: a signed credential (Open Badges 3.0) and the image that carries it."""

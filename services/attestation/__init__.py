"""What the network attests after an immersion: decided, made and sealed, sent with its badge, verified, taken back."""

"""What the parties say of an immersion once it is over: asked, given, read by whom it is about, published if all agree."""

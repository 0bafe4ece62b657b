"""Documents of the network: one template and one frozen value give a PDF and its accessible page."""

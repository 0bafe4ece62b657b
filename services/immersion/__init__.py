"""An immersion around its convention: asked for, a host found, its dates checked and moved, lived, ended, followed by another."""

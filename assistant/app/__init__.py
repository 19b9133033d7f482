"""The faces: command line, page and notebook. Thin: they decide nothing and show what an Answer says."""

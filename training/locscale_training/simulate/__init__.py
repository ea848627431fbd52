"""Simulated cryo-EM maps from atomic models. Arrays are (z, y, x), positions in angstrom are (x, y, z)."""

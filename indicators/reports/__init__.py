"""Renderers of stored results for other programs."""

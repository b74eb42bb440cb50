"""Reads: from the ORM to plain objects for a page or specs for the pipeline."""

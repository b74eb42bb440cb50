"""Writes. Keyword-only, `by=` the person, atomic, audited; where pipeline and database meet."""

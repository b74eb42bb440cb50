"""Words and numbers for people. Presenters format and choose words; they compute no result."""

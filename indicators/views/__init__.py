"""Pages: a door, a query or an action, a presenter, a template."""

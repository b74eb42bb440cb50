"""Reference tables as files: django-import-export resources. Rows are cleaned by the actions."""

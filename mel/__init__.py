"""Wiring of the site: settings, addresses, background tasks."""

VERSION = "0.1.0"

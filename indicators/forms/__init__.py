"""What people type, cleaned. No rules of the domain: those live in actions."""

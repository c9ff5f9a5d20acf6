"""What people read: tables (one truth for every writer), the console, JSON. Only `write` makes files."""

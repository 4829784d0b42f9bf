"""Pure functions on Chinese text and HTML: no Django, no database, no clock."""

"""Demo paper: an invented county, its people, its old issues and the next issue."""

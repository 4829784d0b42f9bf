"""The demo paper: an invented county, its people, its old issues and tomorrow's."""

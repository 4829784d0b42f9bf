"""Admin classes of the desk, a module for each group of models; importing them registers them."""

from . import contributors, photos, press, records, reference, tags

__all__ = ["contributors", "photos", "press", "records", "reference", "tags"]

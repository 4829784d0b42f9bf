"""Model field that stores the normalised form of a name."""

from __future__ import annotations

from typing import Any

from django.db import models

from .names import name_key


class NameKeyField(models.CharField):
    """Normalised form of the model's `name`, set on every save.

    A queryset's `update` does not set it: change names through `bylines.services`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 80, "editable": False, "blank": True, "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Omit the arguments that are the same for every such field."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "editable", "blank", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the normalised form of the current name."""
        key = name_key(getattr(model_instance, "name"))[: self.max_length]  # noqa: B009
        setattr(model_instance, self.attname, key)
        return key

"""Model fields that several apps use: the body of a text, and sort keys of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from textkit.body import Body
from textkit.pinyin import MAX_KEY, person_sort_key, sort_key

if TYPE_CHECKING:
    TextField = models.TextField[str, Body]
else:
    TextField = models.TextField


class BodyAttribute(DeferredAttribute):
    """The attribute of a `BodyField`: a body, also of an instance that was not loaded."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        is_plain = isinstance(value, str) and not isinstance(value, Body)
        instance.__dict__[self.field.attname] = Body(value) if is_plain else value


class BodyField(TextField):
    """The body of a text, read as `textkit.body.Body`.

    A service normalises and sanitises what it writes; what is read has passed that border.
    """

    descriptor_class = BodyAttribute

    def deconstruct(self) -> Any:
        """Name the column's own type: the class of its value changes no table."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str | None, *_context: Any) -> Body | None:
        """Return the stored text as a body."""
        return None if value is None else Body(value)

    def get_prep_value(self, value: Any) -> Any:
        """Return a plain string for the database."""
        prepared = super().get_prep_value(value)
        return str(prepared) if isinstance(prepared, Body) else prepared


class SortKeyField(models.CharField):
    """Sort key of the model's `name`, set on every save.

    A queryset's `update` does not set it. Migrations see a plain CharField, so that they import
    nothing from here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": MAX_KEY, "editable": False, "default": "", "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the field as a CharField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def key_of(self, name: str) -> str:
        """Return the key of `name`: a place or a word."""
        return sort_key(name)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the key of the current name."""
        key = self.key_of(getattr(model_instance, "name"))  # noqa: B009
        setattr(model_instance, self.attname, key)
        return key


class PersonSortKeyField(SortKeyField):
    """Sort key of a person, which reads the surname as a surname (单 Shàn)."""

    def key_of(self, name: str) -> str:
        """Return the key of `name`."""
        return person_sort_key(name)

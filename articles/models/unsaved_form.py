"""Forms that arrive after the session has expired."""

from django.conf import settings
from django.db import models


class UnsavedForm(models.Model):
    """A form sent after the user's session expired; shown to that user only, for a day (暂存)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    window_id = models.CharField(max_length=36, help_text="names the window that sent it")
    path = models.CharField(max_length=200, help_text="the address that it was sent to")
    fields = models.JSONField(help_text="the text fields of the form, as [name, value] pairs")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "window_id"], name="parked_once")]

    def __str__(self) -> str:
        return self.path

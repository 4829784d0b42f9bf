"""Models of the outbox: jobs, last runs of periodic tasks, lease of the elected runner."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .querysets import JobQuerySet


class Job(models.Model):
    """Work to do once, at or after its due time; `kind` and `key` identify it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=150)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    #: Until then only the process that claimed the job may run it.
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="job_enqueued_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at=None, given_up_at=None),
                name="job_pending",
            ),
            models.Index(fields=["kind", "done_at"], name="job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class TaskRun(models.Model):
    """Time of the last start of a periodic task, in any process."""

    name = models.CharField(max_length=40, primary_key=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RunnerLease(models.Model):
    """Lease by which one thread of the installation is the elected runner until it expires."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"

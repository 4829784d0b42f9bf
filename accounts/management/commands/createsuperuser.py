"""Django's createsuperuser that also creates the login's contributor."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User
from django.db import transaction

from bylines.services import contributor_for


class Command(createsuperuser.Command):
    """Create a superuser with a contributor of that name."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Create both or neither."""
        with transaction.atomic():
            super().handle(*args, **options)
            for user in User.objects.filter(is_superuser=True, contributor=None):
                contributor_for(user)

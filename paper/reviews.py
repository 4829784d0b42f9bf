"""Names of the three reviews (审次), for views and notifications."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Name of a review by the state of its articles; see `articles.workflow.states`.
REVIEW_NAMES: Mapping[str, Promise] = {
    "first_review": _("The first review"),
    "second_review": _("The second review"),
    "final_review": _("The final review"),
}

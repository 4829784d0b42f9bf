"""URL configuration of the desk in addition to the admin, including that of the apps.

`desk.site.DeskSite` puts these URLs before those of the admin. Each app defines its own in its
`urls.py`.
"""

from django.contrib.admin import site
from django.urls import include, path

from . import badge_counts
from .views import bulk_actions, homepage, queue

desk_view = site.admin_view

urlpatterns = [
    path("counts/", desk_view(badge_counts.counts_json), name="counts"),
    path("queue/", desk_view(queue.queue_page), name="queue"),
    path("queue/bulk/", desk_view(bulk_actions.bulk_action), name="bulk"),
    path("queue/<int:pk>/<slug:name>/", desk_view(queue.queue_transition), name="queue_transition"),
    path("press/homepage/", desk_view(homepage.homepage), name="homepage"),
    path(
        "press/homepage/<slug:action>/", desk_view(homepage.handle_action), name="homepage_action"
    ),
    path("", include("articles.urls")),
    path("", include("issues.urls")),
    path("", include("ingest.urls")),
    path("", include("notifications.urls")),
]

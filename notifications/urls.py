"""URL configuration of notifications, included by the desk under /desk/."""

from django.contrib.admin import site
from django.urls import include, path

from . import views

desk_view = site.admin_view

_patterns = [
    path("", desk_view(views.notification_list), name="notifications"),
    path("read/", desk_view(views.mark_all_read), name="notifications_read"),
    path("choices/", desk_view(views.choices), name="notification_choices"),
    path("<int:pk>/", desk_view(views.open_notification), name="notification_open"),
]

urlpatterns = [path("notifications/", include(_patterns))]

"""URL configuration of the project, by surface."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from . import health
from .middleware import language

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
]
if settings.HAS_DESK:
    from django.contrib import admin

    urlpatterns += [
        path("language/<str:code>/", language.choose, name="language"),
        path("desk/", include("accounts.urls")),
        path("desk/", admin.site.urls),
    ]
if settings.HAS_READER:
    urlpatterns += [path("", include("reader.urls"))]
handler400 = "newsroom.error_views.bad_request"
handler403 = "newsroom.error_views.forbidden"
handler404 = "newsroom.error_views.not_found"
handler500 = "newsroom.error_views.server_error"

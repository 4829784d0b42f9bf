"""URL configuration of the page import, included by the desk under /desk/."""

from django.contrib.admin import site
from django.urls import path

from . import views

urlpatterns = [path("paste/", site.admin_view(views.paste), name="paste")]

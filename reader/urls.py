"""The public addresses."""

from django.urls import path, register_converter

from .converters import IssueConverter, TagConverter
from .views import corrections, front, issues, lists, media, photos, stories

register_converter(IssueConverter, "issue")
register_converter(TagConverter, "tag")

app_name = "reader"
urlpatterns = [
    path("", front.front, name="front"),
    path("stories/<int:pk>/", stories.story, name="story"),
    path("stories/<int:pk>/photos/<int:number>/", photos.gallery, name="gallery"),
    path("photos/", photos.photo_news, name="photo_news"),
    path("photos/<slug:token>/<str:name>", media.photo, name="photo"),
    path("logo/", media.logo, name="logo"),
    path("sections/<str:slug>/", lists.section, name="section"),
    path("towns/<str:slug>/", lists.town, name="town"),
    path("contributors/<int:pk>/", lists.contributor, name="contributor"),
    path("tags/<tag:name>/", lists.tag, name="tag"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("issues/", issues.issue_list, name="issues"),
    path("issues/<issue:key>/", issues.issue, name="issue"),
    path("issues/<issue:key>/<int:number>/", issues.page, name="page"),
]

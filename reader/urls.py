"""The public addresses."""

from django.urls import path, register_converter

from .converters import IssueConverter, MonthConverter, TagConverter, YearConverter
from .views import (
    calendar,
    corrections,
    front,
    issues,
    lists,
    media,
    offline,
    pdfs,
    photos,
    stories,
)

register_converter(IssueConverter, "issue")
register_converter(TagConverter, "tag")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

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
    path("issues/", calendar.issue_list, name="issues"),
    path("issues/<year:year>/", calendar.year, name="issue_year"),
    path("issues/<year:year>/<month:month>/", calendar.month, name="issue_month"),
    path("issues/<issue:key>/", issues.issue, name="issue"),
    path("issues/<issue:key>/paper.pdf", pdfs.issue_pdf, name="issue_pdf"),
    path("issues/<issue:key>/<int:number>/page.pdf", pdfs.page_pdf, name="page_pdf"),
    path("issues/<issue:key>/<int:number>/", issues.page, name="page"),
    path(
        "issues/<issue:key>/<int:number>/image-<slug:token>-<int:width>.webp",
        issues.page_image,
        name="page_image",
    ),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline.json", offline.offline_list, name="offline_list"),
    path("offline/", offline.offline, name="offline"),
    path("sw.js", offline.worker, name="worker"),
]

"""URLs of the public site."""

from django.urls import path, register_converter

from .converters import (
    FeedConverter,
    IssueConverter,
    MonthConverter,
    NumberConverter,
    TagConverter,
    YearConverter,
)
from .views import (
    about,
    archive,
    calendar,
    corrections,
    crawlers,
    feeds,
    homepage,
    issues,
    lists,
    media,
    offline,
    pdfs,
    photos,
    search,
    stories,
    towns,
)

register_converter(FeedConverter, "feed")
register_converter(IssueConverter, "issue")
register_converter(NumberConverter, "number")
register_converter(TagConverter, "tag")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

app_name = "reader"
urlpatterns = [
    path("", homepage.homepage, name="homepage"),
    path("stories/<number:pk>/", stories.story, name="story"),
    path("stories/<number:pk>/photos/<number:number>/", photos.gallery, name="gallery"),
    path("photos/", photos.photo_news, name="photo_news"),
    path("photos/<slug:token>/<str:name>", media.photo, name="photo"),
    path("logo/", media.logo, name="logo"),
    path("sections/<str:slug>/", lists.section, name="section"),
    path("towns/", towns.towns, name="towns"),
    path("towns/<str:slug>/", lists.town, name="town"),
    path("contributors/<number:pk>/", lists.contributor, name="contributor"),
    path("tags/<tag:name>/", lists.tag, name="tag"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<year:year>/", archive.year, name="archive_year"),
    path("archive/<year:year>/<month:month>/", archive.month, name="archive_month"),
    path("archive/<year:year>/<month:month>/<number:day>/", archive.day, name="archive_day"),
    path("about/", about.about, name="about"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("issues/", calendar.issue_list, name="issues"),
    path("issues/<year:year>/", calendar.year, name="issue_year"),
    path("issues/<year:year>/<month:month>/", calendar.month, name="issue_month"),
    path("issues/<issue:key>/", issues.issue, name="issue"),
    path("issues/<issue:key>/paper.pdf", pdfs.issue_pdf, name="issue_pdf"),
    path("issues/<issue:key>/<number:number>/page.pdf", pdfs.page_pdf, name="page_pdf"),
    path("issues/<issue:key>/<number:number>/", issues.page, name="page"),
    path(
        "issues/<issue:key>/<number:number>/image-<slug:token>-<number:width>.webp",
        issues.page_image,
        name="page_image",
    ),
    path("<feed:kind>", feeds.feed, name="feed"),
    path("sections/<str:slug>/<feed:kind>", feeds.section, name="section_feed"),
    path("towns/<str:slug>/<feed:kind>", feeds.town, name="town_feed"),
    path("contributors/<number:pk>/<feed:kind>", feeds.contributor, name="contributor_feed"),
    path("tags/<tag:name>/<feed:kind>", feeds.tag, name="tag_feed"),
    path("sitemap.xml", crawlers.sitemap_index, name="sitemap_index"),
    path("sitemaps/stories-<number:number>.xml", crawlers.sitemap_stories, name="sitemap_stories"),
    path("sitemaps/news.xml", crawlers.sitemap_news, name="sitemap_news"),
    path("sitemaps/<slug:name>.xml", crawlers.sitemap, name="sitemap"),
    path("favicon.ico", crawlers.icon, name="icon"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("llms.txt", crawlers.llms, name="llms"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline.json", offline.offline_list, name="offline_list"),
    path("offline/", offline.offline, name="offline"),
    path("sw.js", offline.worker, name="worker"),
]

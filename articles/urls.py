"""URLs of the desk for articles and the photo library, included by the desk under /desk/.

The names have no namespace: the desk's admin site adds `admin:`.
"""

from django.contrib.admin import site
from django.urls import include, path

from .views import (
    article_list,
    articles,
    autosave,
    comments,
    merge,
    photo_files,
    photo_library,
    record,
    transitions,
    uploads,
)

desk_view = site.admin_view
background_view = autosave.background_view
article_screen = autosave.store_unsaved(desk_view(articles.article_screen))

_article_patterns = [
    path("", desk_view(article_list.article_list), name="articles_article_changelist"),
    path(
        "add/",
        autosave.store_unsaved(desk_view(articles.new_article)),
        name="articles_article_add",
    ),
    # Background requests of the article form.
    path("session/", background_view(autosave.session), name="articles_session"),
    path("sent/", background_view(autosave.sent), name="articles_sent"),
    path("autosave/", background_view(autosave.autosave), name="articles_autosave"),
    path("<int:pk>/autosave/", background_view(autosave.autosave), name="articles_autosave"),
    path("<int:pk>/presence/", background_view(autosave.beat), name="articles_presence"),
    path("body/", desk_view(uploads.body), name="articles_body"),
    path("photos/", background_view(uploads.upload), name="articles_upload"),
    # One article.
    path("<int:pk>/", article_screen),
    path("<int:pk>/change/", article_screen, name="articles_article_change"),
    path("<int:pk>/history/", desk_view(articles.history), name="articles_article_history"),
    path("<int:pk>/delete/", desk_view(transitions.delete), name="articles_article_delete"),
    path("<int:pk>/merge/<int:number>/", desk_view(merge.merge), name="articles_article_merge"),
    path("<int:pk>/compare/", desk_view(record.compare), name="articles_article_compare"),
    path("<int:pk>/sheet/", desk_view(record.sheet), name="articles_article_sheet"),
    path("<int:pk>/sheet.pdf", desk_view(record.sheet_pdf), name="articles_article_sheet_pdf"),
    path(
        "<int:pk>/revisions/<int:number>/",
        desk_view(record.revision),
        name="articles_article_revision",
    ),
    path(
        "<int:pk>/revisions/<int:number>/restore/",
        desk_view(record.restore_revision),
        name="articles_article_restore_revision",
    ),
    path("<int:pk>/comments/", desk_view(comments.write), name="articles_comments"),
    path("<int:pk>/comments/people/", desk_view(comments.people), name="articles_comment_people"),
    path(
        "<int:pk>/comments/<int:comment>/<slug:action>/",
        desk_view(comments.handle_action),
        name="articles_comment_action",
    ),
    # Files of photos that are not published.
    path(
        "photos/<slug:token>/<int:version>/<str:name>",
        desk_view(photo_files.photo),
        name="articles_photo",
    ),
    path(
        "<int:pk>/photos/<slug:token>/<int:version>/<str:name>",
        desk_view(photo_files.photo_of_record),
        name="articles_record_photo",
    ),
    # Last: any other word is the name of a transition.
    path(
        "<int:pk>/<slug:name>/",
        desk_view(transitions.transition_view),
        name="articles_article_transition",
    ),
]
_photo_patterns = [
    path("", desk_view(photo_library.shelf), name="photos"),
    path("<int:pk>/", desk_view(photo_library.photo), name="photo"),
    path("<int:pk>/use/", desk_view(photo_library.use), name="photo_use"),
    path("<int:pk>/retire/", desk_view(photo_library.retire), name="photo_retire"),
]

urlpatterns = [
    path("articles/article/", include(_article_patterns)),
    path("photos/", include(_photo_patterns)),
]

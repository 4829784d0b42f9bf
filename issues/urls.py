"""URLs of the desk for issues, included by the desk under /desk/.

The list of issues is the admin change list (`issues.admin`). The names have no namespace: the
desk's admin site adds `admin:`.
"""

from django.contrib.admin import site
from django.urls import include, path

from .views import board, deadlines, handoff, page_images, planning, start_date

desk_view = site.admin_view

_issue_patterns = [
    path("add/", desk_view(planning.plan), name="issues_issue_add"),
    path("ahead/", desk_view(planning.plan_ahead), name="issues_plan_ahead"),
    path("series/", desk_view(planning.series_list), name="issues_series_changelist"),
    path("series/add/", desk_view(planning.series), name="issues_series_add"),
    path("series/<int:pk>/", desk_view(planning.series), name="issues_series_change"),
    path("start-date/", desk_view(start_date.start_date), name="paper_start_date"),
    path("timetable/", desk_view(deadlines.day), name="issues_timetable"),
    # One issue.
    path("<int:pk>/", desk_view(board.board), name="issues_issue_change"),
    path("<int:pk>/version/", desk_view(board.board_version), name="issues_issue_version"),
    path(
        "<int:pk>/deadlines/", desk_view(deadlines.issue_deadlines), name="issues_issue_deadlines"
    ),
    path("<int:pk>/pages/", desk_view(planning.pages), name="issues_issue_pages"),
    path("<int:pk>/paper.pdf", desk_view(page_images.archive_pdf), name="issues_pdf"),
    path("<int:pk>/handoff/", desk_view(handoff.screen), name="issues_handoff"),
    path(
        "<int:pk>/images/<int:number>/",
        desk_view(page_images.page_image_screen),
        name="issues_page_image",
    ),
    path(
        "<int:pk>/images/<int:number>/original.pdf",
        desk_view(page_images.original),
        name="issues_page_image_original",
    ),
    path(
        "<int:pk>/images/<int:number>/w<int:width>.webp",
        desk_view(page_images.picture),
        name="issues_page_image_file",
    ),
    # Last: any other word is the name of an action on the board.
    path("<int:pk>/<slug:action>/", desk_view(board.handle_action), name="issues_issue_action"),
]

urlpatterns = [path("issues/issue/", include(_issue_patterns))]

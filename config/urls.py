from django.contrib import admin
from django.urls import include, path

from statements import health
from statements.signoff import views

handler400 = "statements.public.responses.bad_request"
handler403 = "statements.newsdesk.error_pages.forbidden"
handler404 = "statements.newsdesk.error_pages.not_found"
handler500 = "statements.newsdesk.server_error.server_error"
urlpatterns = [
    path("", include("statements.public.urls")),
    path("preview/<slug:token>/", views.page, name="preview"),
    path("preview/<slug:token>/<slug:digest>/<str:name>", views.file, name="preview_file"),
    path("admin/import/", include("archive.urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]

from django.contrib import admin
from django.urls import path

from archive.newsdesk import pages

app_name = "imports"
urlpatterns = [
    path("", admin.site.admin_view(pages.imports), name="imports"),
    path("<int:pk>/", admin.site.admin_view(pages.one), name="one"),
    path("<int:pk>/do/<slug:deed>/", admin.site.admin_view(pages.do), name="do"),
    path("<int:pk>/<str:name>", admin.site.admin_view(pages.download), name="download"),
]

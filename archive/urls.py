from django.contrib import admin
from django.urls import path

from archive.newsdesk import views

app_name = "imports"
urlpatterns = [
    path("", admin.site.admin_view(views.index), name="index"),
    path("<int:pk>/", admin.site.admin_view(views.detail), name="detail"),
    path("<int:pk>/do/<slug:action>/", admin.site.admin_view(views.perform), name="perform"),
    path("<int:pk>/<str:name>", admin.site.admin_view(views.download), name="download"),
]

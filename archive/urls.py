from django.contrib import admin
from django.urls import path

from archive.newsdesk import views

app_name = "imports"
urlpatterns = [
    path("", admin.site.admin_view(views.imports), name="imports"),
    path("<int:pk>/", admin.site.admin_view(views.one), name="one"),
    path("<int:pk>/do/<slug:deed>/", admin.site.admin_view(views.do), name="do"),
    path("<int:pk>/<str:name>", admin.site.admin_view(views.download), name="download"),
]

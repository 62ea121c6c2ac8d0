from django.urls import path

from statements.public import files, pages

app_name = "statements"
urlpatterns = [
    path("", pages.listing, name="home"),
    path("statements/", pages.listing, name="list"),
    path("statements/<slug:slug>.txt", pages.text, name="text"),
    path("statements/<slug:slug>/", pages.detail, name="detail"),
    path("statements/<slug:slug>/editions/", pages.editions, name="editions"),
    path("statements/<slug:slug>/editions/<int:number>/", pages.edition, name="edition"),
    path("files/<slug:digest>/<str:name>", files.file, name="file"),
]

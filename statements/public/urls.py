from django.urls import path, register_converter

from statements.public import feeds, files, pages, subjects

app_name = "statements"
register_converter(feeds.FeedForm, "form")
urlpatterns = [
    path("", pages.listing, name="home"),
    path("statements/", pages.listing, name="list"),
    path("statements/<slug:slug>.txt", pages.text, name="text"),
    path("statements/<slug:slug>/", pages.detail, name="detail"),
    path("statements/<slug:slug>/editions/", pages.editions, name="editions"),
    path("statements/<slug:slug>/editions/<int:number>/", pages.edition, name="edition"),
    path("themes/", subjects.themes, name="themes"),
    path("themes/<slug:slug>/", subjects.theme, name="theme"),
    path("speakers/", subjects.speakers, name="speakers"),
    path("speakers/<slug:slug>/", subjects.speaker, name="speaker"),
    path("organisations/", subjects.organisations, name="organisations"),
    path("organisations/<slug:slug>/", subjects.organisation, name="organisation"),
    path("files/<slug:digest>/<str:name>", files.file, name="file"),
    path("feeds/statements.<form:form>", feeds.feed, name="feed"),
    *(
        path(f"{many}/<slug:slug>/feed.<form:form>", feeds.feed, {"what": one}, name=f"{one}_feed")
        for one, many in feeds.SUBJECTS.items()
    ),
]

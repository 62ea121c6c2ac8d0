from django.urls import path, register_converter

from statements.public import (
    about,
    by_date,
    check,
    corrections,
    earlier,
    feeds,
    files,
    pages,
    sitemaps,
    statement,
    subjects,
    well_known,
)

app_name = "statements"
register_converter(by_date.Year, "year")
register_converter(by_date.Month, "month")
register_converter(feeds.FeedForm, "form")
register_converter(sitemaps.SitemapPart, "part")
urlpatterns = [
    path("", pages.listing, name="home"),
    path("statements/", pages.listing, name="list"),
    path("statements/<slug:slug>.txt", statement.text, name="text"),
    path("statements/<slug:slug>/", statement.detail, name="detail"),
    path("statements/<slug:slug>/editions/", earlier.editions, name="editions"),
    path("statements/<slug:slug>/editions/<int:number>/", earlier.edition, name="edition"),
    path("themes/", subjects.themes, name="themes"),
    path("themes/<slug:slug>/", subjects.theme, name="theme"),
    path("speakers/", subjects.speakers, name="speakers"),
    path("speakers/<slug:slug>/", subjects.speaker, name="speaker"),
    path("organisations/", subjects.organisations, name="organisations"),
    path("organisations/<slug:slug>/", subjects.organisation, name="organisation"),
    path("archive/", by_date.archive, name="archive"),
    path("archive/<year:year>/", by_date.year, name="archive_year"),
    path("archive/<year:year>/<month:month>/", by_date.month, name="archive_month"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("about/privacy/", about.privacy, name="privacy"),
    path("check/", check.check, name="check"),
    path("files/<slug:digest>/<str:name>", files.file, name="file"),
    path("feeds/statements.<form:form>", feeds.feed, name="feed"),
    *(
        path(f"{many}/<slug:slug>/feed.<form:form>", feeds.feed, {"what": one}, name=f"{one}_feed")
        for one, many in feeds.SUBJECTS.items()
    ),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<part:part>.xml", sitemaps.part, name="sitemap_part"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
]

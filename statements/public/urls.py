from django.urls import path, register_converter

from statements.public.views import (
    corrections,
    date_archive,
    editions,
    feeds,
    files,
    profiles,
    quotation_check,
    site_pages,
    sitemaps,
    statement,
    statement_list,
    verification,
    well_known,
)

app_name = "statements"
register_converter(date_archive.YearConverter, "year")
register_converter(date_archive.MonthConverter, "month")
register_converter(feeds.FeedFormatConverter, "form")
register_converter(sitemaps.SitemapPartConverter, "part")
urlpatterns = [
    path("", statement_list.statement_list, name="home"),
    path("statements/", statement_list.statement_list, name="list"),
    path("statements/<slug:slug>.txt", statement.text, name="text"),
    path("statements/<slug:slug>/", statement.detail, name="detail"),
    path("statements/<slug:slug>/editions/", editions.editions, name="editions"),
    path("statements/<slug:slug>/editions/<int:number>/", editions.edition, name="edition"),
    path(
        "statements/<slug:slug>/editions/<int:number>/proof.json", verification.proof, name="proof"
    ),
    path(
        "statements/<slug:slug>/editions/<int:number>/content.json",
        verification.content,
        name="content",
    ),
    path("themes/", profiles.themes, name="themes"),
    path("themes/<slug:slug>/", profiles.theme, name="theme"),
    path("speakers/", profiles.speakers, name="speakers"),
    path("speakers/<slug:slug>/", profiles.speaker, name="speaker"),
    path("organisations/", profiles.organisations, name="organisations"),
    path("organisations/<slug:slug>/", profiles.organisation, name="organisation"),
    path("archive/", date_archive.archive, name="archive"),
    path("archive/<year:year>/", date_archive.year, name="archive_year"),
    path("archive/<year:year>/<month:month>/", date_archive.month, name="archive_month"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("about/accessibility/", site_pages.accessibility, name="accessibility"),
    path("about/privacy/", site_pages.privacy, name="privacy"),
    path("about/verification/", verification.verification, name="verification"),
    path("check/", quotation_check.check, name="check"),
    path("files/<slug:digest>/<str:name>", files.file, name="file"),
    path("feeds/statements.<form:form>", feeds.feed, name="feed"),
    *(
        path(
            f"{folder}/<slug:slug>/feed.<form:form>",
            feeds.feed,
            {"kind": kind},
            name=f"{kind}_feed",
        )
        for kind, folder in feeds.PROFILE_PATHS.items()
    ),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<part:part>.xml", sitemaps.part, name="sitemap_part"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("seals/<int:number>/seal.txt", verification.seal, name="seal"),
    path("seals/<int:number>/list.txt", verification.seal_list, name="seal_list"),
    path("seals/<int:number>/signature", verification.seal_signature, name="seal_signature"),
    path("seals/<int:number>/timestamp.tsr", verification.seal_timestamp, name="seal_timestamp"),
    path(".well-known/on-the-record-keys.json", verification.keys, name="keys"),
    path(".well-known/on-the-record-keys/<slug:key_id>.pem", verification.key, name="key"),
    path(
        ".well-known/on-the-record-keys/<slug:key_id>.sig",
        verification.key_signature,
        name="key_signature",
    ),
    path(
        ".well-known/on-the-record-timestamp-authority.pem",
        verification.timestamp_authority,
        name="timestamp_authority",
    ),
]

from django.urls import include, path
from wagtail import urls as wagtail_urls

from press.feeds import StatementFeed
from press.views import theme

urlpatterns = [
    path("feeds/statements.rss", StatementFeed(), name="feed"),
    path("themes/<slug:slug>/", theme, name="theme"),
    path("", include(wagtail_urls)),
]

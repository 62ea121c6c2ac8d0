"""The admin app of the project, with the newsdesk as its site."""

from django.contrib.admin.apps import AdminConfig


class NewsdeskConfig(AdminConfig):
    default_site = "statements.newsdesk.site.NewsdeskSite"

    def ready(self) -> None:
        super().ready()
        # Only now are Django's own account pages registered, which this module replaces.
        from statements.newsdesk import user_admin  # noqa: F401, PLC0415  # registers itself

from django.contrib.admin.apps import AdminConfig


class NewsdeskConfig(AdminConfig):
    """Django's admin, with the newsdesk as its site."""

    default_site = "statements.newsdesk.site.NewsdeskSite"

    def ready(self) -> None:
        super().ready()
        from statements.newsdesk import user_admin  # noqa: F401  (after Django's own account pages)

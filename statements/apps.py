from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class StatementsConfig(AppConfig):
    name = "statements"

    def ready(self) -> None:
        from statements import roles, site_pages
        from statements.audit import accounts
        from statements.integrity import triggers

        pre_migrate.connect(triggers.before_migrations, sender=self)
        post_migrate.connect(triggers.after_migrations, sender=self)
        post_migrate.connect(roles.create_groups, sender=self)
        post_migrate.connect(site_pages.create_pages, sender=self)
        checks.register(triggers.check_triggers, checks.Tags.database)
        accounts.connect_signals()

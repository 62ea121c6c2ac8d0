from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class StatementsConfig(AppConfig):
    name = "statements"

    def ready(self) -> None:
        # Not before: these import models, which Django loads after this module.
        from statements import roles, site_pages  # noqa: PLC0415
        from statements.audit import accounts, records  # noqa: PLC0415
        from statements.integrity import catalogue, triggers  # noqa: PLC0415
        from statements.search import drafts  # noqa: PLC0415

        pre_migrate.connect(triggers.before_migrations, sender=self)
        post_migrate.connect(triggers.after_migrations, sender=self)
        post_migrate.connect(roles.create_groups, sender=self)
        post_migrate.connect(site_pages.create_pages, sender=self)
        checks.register(catalogue.check_rules, checks.Tags.database)
        accounts.connect_signals()
        records.connect_signals()
        drafts.connect_signals()

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "archive"

    def ready(self) -> None:
        # Not before: these import models, which Django loads after this module.
        from archive import erasure  # noqa: PLC0415
        from statements.erasure.register import REGISTER  # noqa: PLC0415

        REGISTER.add(erasure.PLACES, erasure.WORDLESS)

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "onrecord"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  (the import registers the checks)

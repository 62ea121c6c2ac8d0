from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "onrecord"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (importing it registers the checks)

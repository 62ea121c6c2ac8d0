"""The languages of statements, by their own names."""

LANGUAGES = [
    ("en", "English"),
    ("cy", "Cymraeg"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("ro", "Română"),
    ("so", "Soomaali"),
    ("uk", "Українська"),
    ("ur", "اردو"),
]
RIGHT_TO_LEFT_LANGUAGES = {"ar", "fa", "he", "ur"}


def get_text_direction(language: str) -> str:
    """Return `rtl` or `ltr` for the `dir` attribute; `ltr` for an unknown language."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT_LANGUAGES else "ltr"

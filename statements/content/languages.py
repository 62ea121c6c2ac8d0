"""The languages of statements, each with its own name for itself."""

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
RIGHT_TO_LEFT_LANGUAGES = {
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi",
}  # fmt: skip


def base_language(language: str) -> str:
    """Return the language without its region: `en` for `en-GB`."""
    return language.lower().partition("-")[0]


def get_text_direction(language: str) -> str:
    """Return `rtl` or `ltr`, for the `dir` attribute; an unknown language runs left to right."""
    return "rtl" if base_language(language) in RIGHT_TO_LEFT_LANGUAGES else "ltr"

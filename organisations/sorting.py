"""The sort key of a person's name. Plain functions over plain data."""

from organisations.name_words import DEGREES


def sort_key(name: str) -> str:
    """Return the name with the family name first: “Smith, Dame Jane, DBE”.

    This guesses from how names are printed in Britain: the family name is the last word before any
    post-nominal letters, with small words such as “van der”. Managers can correct it.
    """
    printed, _, rest = name.partition(",")
    words = printed.split()
    post_nominals: list[str] = []
    while len(words) > 1 and _is_post_nominal(words[-1]) and not name.isupper():
        post_nominals.insert(0, words.pop())
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    family_name, given_names = " ".join(words[first:]), " ".join(words[:first])
    return ", ".join(
        filter(None, [family_name, given_names, " ".join(post_nominals), rest.strip()])
    )


def _is_post_nominal(word: str) -> bool:
    return word in DEGREES or (len(word) > 1 and word.isalpha() and word.isupper())

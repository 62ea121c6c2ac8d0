"""Where the alphabet has a person. Plain functions over plain data."""

POST_NOMINALS = {"PhD", "DPhil", "MSc", "MPhil", "CEng", "Jr", "Jr.", "Sr", "Sr."}


def sort_key(name: str) -> str:
    """The family name first: “Pemberton, Cllr Ruth”, “Smith, Dame Jane, DBE”.

    A guess from how names are printed in Britain: the family name is the last word before the
    letters after it, with the small words before it (“van der”). Managers put right what it misses.
    """
    printed, _, rest = name.partition(",")
    words = printed.split()
    letters: list[str] = []
    while len(words) > 1 and _is_post_nominal(words[-1]) and not name.isupper():
        letters.insert(0, words.pop())
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    family, given = " ".join(words[first:]), " ".join(words[:first])
    return ", ".join(filter(None, [family, given, " ".join(letters), rest.strip()]))


def _is_post_nominal(word: str) -> bool:
    """Letters after a name, such as MP, OBE or FRS."""
    return word in POST_NOMINALS or (len(word) > 1 and word.isalpha() and word.isupper())

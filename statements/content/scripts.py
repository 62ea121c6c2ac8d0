"""Write superscripts and subscripts in plain text: 10⁶, CO₂, 27th. Pure functions."""

import html
import re

SCRIPT_ELEMENT = re.compile(r"<(sup|sub)>([^<]*)</(?:sup|sub)>")
"""In a canonical block, where these two contain nothing but text."""
_RAISED = {
    **dict(zip("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklm", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐ", strict=True)),
    **dict(zip("noprstuvwxyz", "ⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
}
_LOWERED = {
    **dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_MARKS = {"tm": "™", "sm": "℠"}
# Endings of ordinals and abbreviations: 27th, 1er, Mme. They mean the same on the line.
_RAISED_ENDINGS = frozenset(
    "st nd rd th er ers re res ère ères ème èmes eme emes nde me mes lle lles gr dr rs os".split()
)
_DECIMAL = re.compile(r"\d+[.,]\d+")
_SIGNS = re.compile(r"\[[^\[\]]*\]|[^\w\s+−=()-]+")


def write_scripts_as_text(block: str) -> str:
    """Return a canonical block without `<sup>` and `<sub>`, their text in plain characters."""
    if "<su" not in block:
        return block
    return SCRIPT_ELEMENT.sub(lambda script: _write_script(script, block), block)


def _write_script(script: re.Match[str], block: str) -> str:
    before = block[script.start() - 1] if script.start() else ""
    text = html.unescape(script[2])
    return html.escape(format_script(script[1], text, before=before), quote=False)


def format_script(tag: str, text: str, *, before: str = "") -> str:
    """Return a superscript or subscript as plain text, which never reads as another number."""
    bare = text.strip()
    if not bare:
        return text
    return text.replace(bare, _format_bare_script(tag, bare, before), 1)


def _format_bare_script(tag: str, text: str, before: str) -> str:
    """Choose the clearest form: a sign, the letters of an ending, characters, or ^(…)."""
    if tag == "sup" and (mark := _MARKS.get(text.casefold())):
        return mark
    if _reads_on_the_line(tag, text, before):
        return text
    characters = _RAISED if tag == "sup" else _LOWERED
    if all(char in characters for char in text):
        return "".join(characters[char] for char in text)
    return f"^({text})" if tag == "sup" else f"_({text})"


def _reads_on_the_line(tag: str, text: str, before: str) -> bool:
    if _SIGNS.fullmatch(text):  # ®, * or [1]
        return True
    if tag == "sup":
        return text.casefold() in _RAISED_ENDINGS
    return before.isalpha() and bool(_DECIMAL.fullmatch(text))  # PM2.5

"""Say what the control words of an RTF file mean."""

import re

from statements.parsing.wording import REMOVED_WORDS

BODY, SKIP, MARKER, INSTRUCTION, FONTS, STYLES = "body", "skip", "marker", "instruction", "f", "s"
NOTE, HEADER, FOOTER, COMMENT, BOX = "footnote", "header", "footer", "comment", "box"
DESTINATIONS = (
    dict.fromkeys(
        "colortbl info pict objdata objclass objname objalias objsect nonshppict "
        "themedata colorschememapping datastore "
        "listtable listoverridetable revtbl rsidtbl generator xe tc txe rxe bkmkstart bkmkend "
        "shprslt private template passwordhash pntxta pntxtb nonesttables nesttableprops "
        "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn latentstyles atnid atnauthor atrfstart "
        "atrfend atnref atndate atnicn filetbl pgdsctbl mmathPr".split(),
        SKIP,
    )
    | dict.fromkeys("header headerl headerr headerf".split(), HEADER)
    | dict.fromkeys("footer footerl footerr footerf".split(), FOOTER)
    | {
        "fonttbl": FONTS, "stylesheet": STYLES, "listtext": MARKER, "pntext": MARKER,
        "fldinst": INSTRUCTION, "footnote": NOTE, "annotation": COMMENT,
        "shptxt": BOX, "dptxbxtext": BOX, "shppict": SKIP,
    }
)  # fmt: skip
SYMBOLS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "~": "\u00a0", "_": "‑", "-": "", "tab": " ", "emspace": " ",
    "enspace": " ", "qmspace": " ", "zwj": "\u200d",
    "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
PARAGRAPH_ENDS = {"par", "sect", "page", "column", "\n", "\r", "nestcell"}
LINK_INSTRUCTION = re.compile(r'HYPERLINK\s+(?:\\\\?[a-z]\s+)*"?([^\s"]+)"?', re.IGNORECASE)
HEADING_STYLE = re.compile(r"\s*(?:heading ([1-6])|(title))\b", re.IGNORECASE)
REASONS = {
    NOTE: "It was footnote {}.",
    COMMENT: "A comment, never published.",
    HEADER: "It was the header of each page.",
    FOOTER: "It was the footer of each page.",
}
DELETED = "It was deleted as a tracked change."
REMOVED_TEXTS = REMOVED_WORDS | {
    DELETED: "Tracked deletions were carried out; the words are under “Left out of the draft”.",
    REASONS[
        COMMENT
    ]: "Comments were taken out of the words and kept under “Left out of the draft”.",
    REASONS[
        HEADER
    ]: "Headers of the pages were left out; their words are under “Left out of the draft”.",
    REASONS[
        FOOTER
    ]: "Footers of the pages were left out; their words are under “Left out of the draft”.",
}

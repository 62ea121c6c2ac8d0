"""Make small Word documents for tests."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SEED = Path(__file__).parents[2] / "fixtures" / "adcs-comment.txt"


def run(text: str, look: str = "") -> str:
    looks = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "", numbered: str = "") -> str:
    """Return a paragraph of runs; plain text becomes a run."""
    inner = "".join(item if item.startswith("<") else run(item) for item in runs)
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbered:
        looks += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbered}"/></w:numPr>'
    return f"<w:p><w:pPr>{looks}</w:pPr>{inner}</w:p>"


def table(*cells: str) -> str:
    inner = "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tr>{inner}</w:tr></w:tbl>"


def parts(body: str, *, relations: str = "", kind: str = "document.main+xml") -> dict[str, str]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{KIND}.{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "docProps/core.xml": "<core><creator>Somebody Private</creator></core>",
    }


def packed(members: dict[str, str | bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(*body: str, relations: str = "", **more: str) -> bytes:
    """`comments=…` becomes word/comments.xml and so on."""
    members: dict[str, str | bytes] = {**parts("".join(body), relations=relations)}
    for name, content in more.items():
        members[f"word/{name}.xml"] = f"<w:{name} {W}>{content}</w:{name}>"
    return packed(members)


def relation(number: int, kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def seed() -> bytes:
    """Return the ADCS comment as a press office would write it in Word."""
    lines = SEED.read_text("utf-8").split("\n")
    return docx(*(p(line) for line in lines))

"""Make small PDF files for tests: text at places, in a few fonts, with rules, links and pages."""

import zlib

FONTS = {
    "F1": "Helvetica",
    "F2": "Helvetica-Bold",
    "F3": "Helvetica-Oblique",
}


def text(words: str, x: float, y: float, *, size: float = 11, font: str = "F1") -> str:
    """Return the drawing of words from a place; y grows upwards."""
    escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def paragraph(*lines: str, y: float, x: float = 72, size: float = 11, font: str = "F1") -> str:
    """Return lines under each other."""
    return "".join(
        text(line, x, y - 1.2 * size * number, size=size, font=font)
        for number, line in enumerate(lines)
    )


def rule(x0: float, x1: float, y: float) -> str:
    return f"0.6 w {x0} {y} m {x1} {y} l S\n"


TAGS = "/MarkInfo << /Marked true >> /StructTreeRoot << /Type /StructTreeRoot >>"


def pdf(
    *pages: str,
    link: tuple[str, str] | None = None,
    more: str = "",
    extra: str = "",
    catalogue: str = "",
) -> bytes:
    """Return a PDF; `link` is (rectangle, address) on every page, `more` is added to the trailer."""
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
        for name, base in FONTS.items()
    )
    annotations = (
        f"/Annots [<< /Type /Annot /Subtype /Link /Rect [{link[0]}] "
        f"/A << /S /URI /URI ({link[1]}) >> >>]"
        if link
        else ""
    )
    objects: list[bytes] = [f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode()]
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for number, page in enumerate(pages):
        stream = zlib.compress(page.encode("cp1252"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {annotations} {extra} "
            f"/Resources << /Font << {fonts} >> >> /Contents {4 + 2 * number} 0 R >>".encode()
        )
        objects.append(
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
            + stream
            + b"\nendstream"
        )
    return write_objects(objects, more)


def write_objects(objects: list[bytes], more: str = "") -> bytes:
    raw, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        raw
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + f"trailer << /Size {len(objects) + 1} /Root 1 0 R {more} >>\n".encode()
        + b"startxref\n%d\n%%%%EOF\n" % len(raw)
    )

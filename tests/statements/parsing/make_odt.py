"""Make small OpenDocument texts for tests, in the way that LibreOffice writes them."""

from statements.parsing.odt_styles import NAMESPACES
from tests.statements.parsing.make_docx import packed

DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
MIMETYPE = "application/vnd.oasis.opendocument.text"
STYLES = """
<style:style style:name="T1" style:family="text">
  <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T2" style:family="text">
  <style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="T3" style:family="text">
  <style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="T4" style:family="text">
  <style:text-properties style:text-position="-33% 58%"/></style:style>
<style:style style:name="T5" style:family="text">
  <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="T6" style:family="text">
  <style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="Title" style:family="paragraph">
  <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Heading_20_2" style:family="paragraph"/>
<text:list-style style:name="L1">
  <text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>
<text:list-style style:name="L2">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
  <text:list-level-style-number text:level="2" style:num-format="a"/></text:list-style>
"""


def p(inner: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def span(inner: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{inner}</text:span>'


def items(*inner: str, style: str = "L1", more: str = "") -> str:
    return (
        f'<text:list text:style-name="{style}"{more}>'
        + "".join(f"<text:list-item>{item}</text:list-item>" for item in inner)
        + "</text:list>"
    )


def content(*body: str) -> str:
    return (
        f"<office:document-content {DECLARATIONS}>"
        f"<office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body>"
        "</office:document-content>"
    )


def odt(*body: str, **more: str) -> bytes:
    """Return an .odt; `styles=…` becomes its styles.xml."""
    members: dict[str, str | bytes] = {"mimetype": MIMETYPE, "content.xml": content(*body)}
    for name, text in more.items():
        members[f"{name}.xml"] = text
    return packed(members)


def flat_odt(*body: str) -> bytes:
    inner = content(*body).replace("office:document-content", "office:document")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inner}'.encode()

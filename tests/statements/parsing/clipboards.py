"""Clipboard contents as programs write them, and the clean blocks that they must become.

Each value is (HTML, or plain text if the program gives no HTML; the clean blocks).
"""

WORD_TOP = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft '
    'Word 15"><!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings>'
    "</xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;font-family:Calibri} --></style></head>"
    "<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->"
)
WORD_END = "<!--EndFragment--></body></html>"


def word(inner: str) -> str:
    return WORD_TOP + inner + WORD_END


def item(text: str, marker: str = "·", level: int = 1, part: str = "Middle") -> str:
    return (
        f"<p class=MsoListParagraphCxSp{part} style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:\nIgnore'>"
        f"{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span>"
        f"<![endif]>{text}<o:p></o:p></p>\n"
    )


HEAD = "<thead><tr><th>Year</th><th>Homes</th></tr></thead>"
BODY = "<tbody><tr><td>2025</td><td>310</td></tr><tr><td>2026</td><td>402</td></tr></tbody>"
RICH = {
    "Word: a paragraph": (
        word("<p class=MsoNormal><span lang=EN-GB>We welcome\nit.<o:p></o:p></span></p>"),
        ["<p>We welcome it.</p>"],
    ),
    "Word: bold that is bold in other scripts only": (
        word(
            "<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Bold</b> and "
            "<i style='mso-bidi-font-style:normal'>slanted</i><o:p></o:p></p>"
        ),
        ["<p><strong>Bold</strong> and <em>slanted</em></p>"],
    ),
    "Word: bullets": (
        word(item("One", part="First") + item("Two", part="Last") + "<p class=MsoNormal>After</p>"),
        ["<ul><li>One</li><li>Two</li></ul>", "<p>After</p>"],
    ),
    "Word: numbers": (
        word(item("One", "1.", part="First") + item("Two", "2.", part="Last")),
        ["<ol><li>One</li><li>Two</li></ol>"],
    ),
    "Word: numbers that go on after a paragraph": (
        word(
            item("One", "1.")
            + "<p class=MsoNormal>Between</p>"
            + item("Two", "2.")
            + item("Seven", "7.")
        ),
        [
            "<ol><li>One</li></ol>",
            "<p>Between</p>",
            '<ol start="2"><li>Two</li></ol>',
            '<ol start="7"><li>Seven</li></ol>',
        ],
    ),
    "Word: letters and Roman numbers": (
        word(
            item("One", "1)")
            + item("Two", "(h)", 2)
            + item("Three", "(i)", 2)
            + item("Four", "2)")
            + item("Five", "i.", 2)
            + item("Six", "II.")
        ),
        [
            '<ol><li>One<ol start="8" type="a"><li>Two</li><li>Three</li></ol></li>'
            '<li>Four<ol type="i"><li>Five</li></ol></li></ol>',
            '<ol start="2" type="I"><li>Six</li></ol>',
        ],
    ),
    "Word: numbers that no list shows": (
        word(item("One", "Article 1") + item("Two", "1.1", 2) + item("Three", "v")),
        ["<p>Article 1 One</p>", "<p>1.1 Two</p>", "<ul><li>Three</li></ul>"],
    ),
    "Word: a list that begins again": (
        word(item("One", "1.") + item("Two", "2.") + item("Three", "1.")),
        ["<ol><li>One</li><li>Two</li></ol>", "<ol><li>Three</li></ol>"],
    ),
    "Word: struck-through words": (
        word(
            "<p class=MsoNormal>We <s>dislike</s><span style='text-decoration:line-through'>loathe"
            "</span><strike>hate</strike>like it.</p>"
        ),
        ["<p>We like it.</p>"],
    ),
    "Word: figures raised by hand": (
        word(
            "<p class=MsoNormal>10<span style='position:relative;top:-4.0pt;mso-text-raise:4.0pt'>6</span>"
            " m<span style='vertical-align:super'>2</span></p>"
        ),
        ["<p>10<sup>6</sup> m<sup>2</sup></p>"],
    ),
    "Google Docs: letters": (
        '<b style="font-weight:normal;" id="docs-internal-guid-9"><ol start="3"><li style="list-style-type:'
        'lower-alpha"><p><span>One</span></p></li><li style="list-style-type:lower-alpha"><p><span>Two'
        "</span></p></li></ol></b>",
        ['<ol start="3" type="a"><li>One</li><li>Two</li></ol>'],
    ),
    "a page: numbers with jumps": (
        '<ol><li>One</li><li value="5">Two</li><li style="list-style-type:upper-roman">Three</li></ol>'
        '<ol start="2"><li>Four</li></ol><ol style="list-style-type:none"><li>1.1 Five</li></ol>'
        "<ul><li hidden>Six</li><li>Seven</li></ul>",
        [
            "<ol><li>One</li></ol>",
            '<ol start="5"><li>Two</li></ol>',
            '<ol type="I"><li>Three</li></ol>',
            '<ol start="2"><li>Four</li></ol>',
            "<ul><li>1.1 Five</li><li>Seven</li></ul>",
        ],
    ),
    "Outlook on the web: each number a list": (
        '<ol><li>One</li></ol><ol start="2"><li>Two</li></ol><ol><li>Three</li></ol>',
        ["<ol><li>One</li><li>Two</li></ol>", "<ol><li>Three</li></ol>"],
    ),
    "Word: a list in a list": (
        word(item("One") + item("Inner", "o", 2) + item("Two")),
        ["<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>"],
    ),
    "Word: empty paragraphs as distance": (
        word(
            "<p class=MsoNormal>A</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>B</p>"
        ),
        ["<p>A</p>", "<p>B</p>"],
    ),
    "Word: hard spaces and soft hyphens": (
        word("<p class=MsoNormal>Our&nbsp;chil&shy;dren</p>"),
        ["<p>Our children</p>"],
    ),
    "Word: a picture in VML": (
        word(
            '<p class=MsoNormal>Seen<!--[if gte vml 1]><v:shape id="x"><v:imagedata '
            'src="file:///C:/a.png"/></v:shape><![endif]--><![if !vml]><img src="file:///C:/a.png">'
            "<![endif]></p>"
        ),
        ["<p>Seen</p>"],
    ),
    "Word: a comment": (
        word(
            "<p class=MsoNormal>Agreed words<span class=MsoCommentReference><a class=msocomanchor "
            'id="_anchor_1" href="#_msocom_1">[NN1]</a></span></p><div style=\'mso-element:comment-list\'>'
            "<p class=MsoCommentText>Really?</p></div>"
        ),
        ["<p>Agreed words</p>"],
    ),
    "Word: tracked changes": (
        word("<p class=MsoNormal>We <del>dislike</del><ins>like</ins> it.</p>"),
        ["<p>We like it.</p>"],
    ),
    "Word: hidden words": (
        word("<p class=MsoNormal>Seen<span style='display:none;mso-hide:all'> unseen</span></p>"),
        ["<p>Seen</p>"],
    ),
    "Word: figures set high and low": (
        word(
            "<p class=MsoNormal>10<sup><span lang=EN-US>6</span></sup> m<sup>2</sup> of CO<sub>2</sub>,"
            " 10<sup>−3</sup> on the 27<sup>th</sup>.<sup>12</sup></p>"
        ),
        [
            "<p>10<sup>6</sup> m<sup>2</sup> of CO<sub>2</sub>, 10<sup>−3</sup> on the "
            "27<sup>th</sup>.<sup>12</sup></p>"
        ],
    ),
    "Word: a table": (
        word(
            "<table class=MsoTableGrid><tr><td><p class=MsoNormal>A</p></td><td><p class=MsoNormal>B</p></td></tr></table>"
        ),
        ["<p>A</p>", "<p>B</p>"],
    ),
    "Excel: a table whose header row is bold": (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--td {font-weight:400;}'
        ".xl65 {font-weight:700; text-align:left;} .xl66 {mso-number-format:0;}--></style></head><body>"
        "<table border=0 cellpadding=0 style='border-collapse:collapse'><!--StartFragment-->"
        "<col width=64 span=2 style='width:48pt'><tr height=20><td height=20 class=xl65 width=64>Year</td>"
        "<td class=xl65>Homes</td></tr><tr><td class=xl66 align=right>2025</td><td align=right>310</td></tr>"
        "<tr><td align=right>2026</td><td align=right>402</td></tr><!--EndFragment--></table></body></html>",
        [f"<table>{HEAD}{BODY}</table>"],
    ),
    "Excel: one cell": (
        "<html><head></head><body><table><!--StartFragment--><tr><td class=xl65>402</td></tr>"
        "<!--EndFragment--></table></body></html>",
        ["<p>402</p>"],
    ),
    "Google Sheets: a table with merged cells": (
        '<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}--></style>'
        '<table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" dir="ltr" border="1"><colgroup><col '
        'width="100"/><col width="100"/></colgroup><tbody><tr style="height:21px;"><td style="font-weight:bold;'
        'text-align:right;" data-sheets-value="{}">Year</td><td style="font-weight:bold;">Homes</td></tr>'
        '<tr><td rowspan="2">2025</td><td>310</td></tr><tr><td>402</td></tr></tbody></table>',
        [f"<table>{HEAD}{BODY.replace('2026', '2025')}</table>"],
    ),
    "LibreOffice Calc: a table": (
        '<html><body><table cellspacing="0" border="0"><colgroup width="85"></colgroup><tr><td height="17" '
        'align="left"><b><font face="Arial">Year</font></b></td><td align="left"><b>Homes</b></td></tr>'
        '<tr><td align="right" sdval="2025">2025</td><td>310</td></tr><tr><td>2026</td><td>402</td></tr>'
        "</table></body></html>",
        [f"<table>{HEAD}{BODY}</table>"],
    ),
    "Word: a table with a header row": (
        word(
            "<p class=MsoNormal>Before</p><table class=MsoTableGrid><thead><tr><td><p class=MsoNormal><b>Year</b></p>"
            "</td><td><p class=MsoNormal><b>Homes</b></p></td></tr></thead><tr><td><p class=MsoNormal>2025<o:p></o:p>"
            "</p></td><td><p class=MsoNormal>310</p></td></tr><tr><td><p>2026</p></td><td><p>402</p></td></tr>"
            "</table><p class=MsoNormal>After</p>"
        ),
        ["<p>Before</p>", f"<table>{HEAD}{BODY}</table>", "<p>After</p>"],
    ),
    "Word: a heading": (
        word("<h1>What next</h1><p class=MsoNormal>This.</p>"),
        ["<p>What next</p>", "<p>This.</p>"],
    ),
    "Word on the web: each item a list": (
        '<div class="ListContainerWrapper"><ul class="BulletListStyle1"><li data-leveltext="●"><p class='
        '"Paragraph"><span class="TextRun"><span class="NormalTextRun">One</span></span><span class="EOP">'
        '&nbsp;</span></p></li></ul></div><div class="ListContainerWrapper"><ul class="BulletListStyle1">'
        '<li><p class="Paragraph"><span>Two</span></p></li></ul></div>',
        ["<ul><li>One</li><li>Two</li></ul>"],
    ),
    "Google Docs: bold by weight, in a bold that is none": (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-7"><p dir="ltr" '
        'style="line-height:1.38"><span style="font-weight:400;font-size:11pt">We </span><span style='
        '"font-weight:700">welcome</span><span style="font-style:italic"> it</span></p></b><br class='
        '"Apple-interchange-newline">',
        ["<p>We <strong>welcome</strong><em> it</em></p>"],
    ),
    "Google Docs: a list": (
        '<b style="font-weight:normal;" id="docs-internal-guid-8"><ul><li dir="ltr" aria-level="1"><p '
        'role="presentation"><span>One</span></p></li><ul><li dir="ltr" aria-level="2"><p role='
        '"presentation"><span>Inner</span></p></li></ul><li><p><span>Two</span></p></li></ul></b>',
        ["<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>"],
    ),
    "Google Docs: a link by way of Google": (
        '<p><span><a href="https://www.google.com/url?q=https://example.org/report&amp;sa=D">report</a></span></p>',
        ['<p><a href="https://example.org/report">report</a></p>'],
    ),
    "Google Docs: empty lines": ("<p>A</p><br><p>B</p>", ["<p>A</p>", "<p>B</p>"]),
    "Outlook: a mail": (
        word(
            "<div class=WordSection1><p class=MsoNormal>Dear all,<o:p></o:p></p><p class=MsoNormal><o:p>"
            "&nbsp;</o:p></p><p class=MsoNormal>“We agree.”<o:p></o:p></p></div>"
        ),
        ["<p>Dear all,</p>", "<p>“We agree.”</p>"],
    ),
    "Outlook: a safe link": (
        word(
            '<p class=MsoNormal><a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F'
            'example.org%2Fa&amp;data=05">here</a></p>'
        ),
        ['<p><a href="https://example.org/a">here</a></p>'],
    ),
    "Outlook on the web: divs": (
        '<div class="elementToProof" style="font-family: Aptos">First</div><div class="elementToProof"><br>'
        '</div><div class="elementToProof">Second</div>',
        ["<p>First</p>", "<p>Second</p>"],
    ),
    "LibreOffice: fonts": (
        '<html><head><meta name="generator" content="LibreOffice 7.4 (Linux)"/><style type="text/css">p '
        '{ line-height: 115% }</style></head><body lang="en-GB"><p style="margin-bottom: 0cm"><font face='
        '"Liberation Serif, serif"><font size="3">We <b>welcome</b>\nit.</font></font></p></body></html>',
        ["<p>We <strong>welcome</strong> it.</p>"],
    ),
    "LibreOffice: a list": (
        "<ol>\n\t<li><p>One</p></li>\n\t<li><p>Two</p></li>\n</ol>",
        ["<ol><li>One</li><li>Two</li></ol>"],
    ),
    "Pages: classes": (
        '<style type="text/css">p.p1 {font: 11px Helvetica}</style><p class="p1"><span class="s1"><b>'
        'Title</b></span></p><p class="p2"><br></p><p class="p1">Words<span class="Apple-converted-space">'
        "&nbsp;</span></p>",
        ["<p><strong>Title</strong></p>", "<p>Words</p>"],
    ),
    "A browser page: menus, scripts, styles": (
        '<h2 style="color: rgb(0, 0, 0); font-family: serif">News</h2><p onclick="x()">Words with <a href='
        '"/local">a local link</a> and <a href="https://example.org/">another</a>.</p><script>x()</script>',
        [
            "<p>News</p>",
            '<p>Words with a local link and <a href="https://example.org/">another</a>.</p>',
        ],
    ),
    "A browser page: a dangerous link": (
        '<p><a href="javascript:x()">Press</a></p>',
        ["<p>Press</p>"],
    ),
    "A browser page: French spaces stay": (
        "<p>Est-ce vrai&nbsp;? Il y en a 10&nbsp;000, «&nbsp;dit-il&nbsp;».</p>",
        ["<p>Est-ce vrai\u00a0? Il y en a 10\u00a0000, «\u00a0dit-il\u00a0».</p>"],
    ),
    "A browser page: words straight in the body": ("We welcome it.", ["<p>We welcome it.</p>"]),
    "macOS: ligatures": ("<p>The ofﬁce’s eﬃcient ﬂow</p>", ["<p>The office’s efficient flow</p>"]),
}

PDF = (
    "The report rightly highlights the importance of preventative work\n"
    "in local areas and the eﬃcient use of funds, which is described as\n"
    "a real strength.\n"
    "“Alongside this work local authorities are commissioning training\n"
    "for teachers and taxi drivers, for example.”"
)
PLAIN = {
    "PDF: broken lines, no empty ones": (
        PDF,
        [
            "<p>The report rightly highlights the importance of preventative work in local areas and "
            "the efficient use of funds, which is described as a real strength.</p>",
            "<p>“Alongside this work local authorities are commissioning training for teachers and "
            "taxi drivers, for example.”</p>",
        ],
    ),
    "PDF: bullets": ("\u2022 One\n\u2022 Two", ["<ul><li>One</li><li>Two</li></ul>"]),
    "PDF: bullets of the Symbol font": (
        "\uf0b7 One\n\uf0b7 Two",
        ["<ul><li>One</li><li>Two</li></ul>"],
    ),
    "Notepad: a line is a paragraph": ("One.\nTwo.", ["<p>One.</p>", "<p>Two.</p>"]),
    "A mail: empty lines": ("One and\nmore.\r\n\r\nTwo.", ["<p>One and more.</p>", "<p>Two.</p>"]),
    "A terminal: marks that look like tags": (
        "if a < b & b > c",
        ["<p>if a &lt; b &amp; b &gt; c</p>"],
    ),
}

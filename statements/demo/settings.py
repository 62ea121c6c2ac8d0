"""What the house of the demonstration lays down, and the picture that it draws for itself."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from statements.demo.story import Chart
from statements.files import validation
from statements.models import Attachment, SensitivePeriod, Statement, StyleRule

STYLE = [
    ("PHSE", "PSHE", "It is short for personal, social, health and economic education."),
    ("utilise", "use", "The short word says the same."),
    ("stakeholders", "", "Say who they are: parents, carers, schools."),
]
PERIOD = "Pre-election period for the county council elections"
GUIDANCE = (
    "Nothing that could be taken to favour a party or a candidate. No quotations from councillors "
    "who stand. Advice on health, floods and roads goes out as ever. When in doubt, ask the "
    "monitoring officer."
)
SIZE = (1200, 675)
PAPER, INK, BAR = "#ffffff", "#1c1c1c", "#1d4f91"


def lay_down_rules(today: dt.date) -> None:
    """The style list, and a sensitive period that begins within the fortnight."""
    for avoid, use, why in STYLE:
        StyleRule.objects.get_or_create(
            avoid=avoid, defaults={"use": use, "why": why, "match_case": avoid.isupper()}
        )
    SensitivePeriod.objects.get_or_create(
        name=PERIOD,
        defaults={
            "starts_on": today + dt.timedelta(days=9),
            "ends_on": today + dt.timedelta(days=44),
            "guidance": GUIDANCE,
        },
    )


def attach(statement: Statement, chart: Chart, *, by, at: dt.datetime) -> None:
    """Put the chart into the working copy, through the checks that every upload passes."""
    upload = SimpleUploadedFile(chart.name, _drawn(chart))
    accepted = validation.checked(upload)
    Attachment.objects.create(
        statement=statement,
        file=validation.keep(accepted, by=by, at=at),
        name=accepted.name,
        title=chart.title,
        alt=chart.alt,
        credit=chart.credit,
        terms=chart.terms,
    )


def _drawn(chart: Chart) -> bytes:
    """The chart as PNG: a bar for each year, its number above and the year below."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=36)
    width, floor, room = SIZE[0] / len(chart.bars), SIZE[1] - 90, SIZE[1] - 200
    most = max(number for _, number in chart.bars)
    for place, (year, number) in enumerate(chart.bars):
        left, top = place * width, floor - room * number / most
        draw.rectangle((left + 40, top, left + width - 40, floor), fill=BAR)
        draw.text((left + width / 2, top - 36), str(number), fill=INK, font=font, anchor="mm")
        draw.text((left + width / 2, floor + 40), year, fill=INK, font=font, anchor="mm")
    written = io.BytesIO()
    picture.quantize(16).save(written, "PNG", optimize=True)
    return written.getvalue()

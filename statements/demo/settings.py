"""Create the house style and a sensitive period of the demo, and draw its chart."""

import datetime as dt
import io

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from statements.demo.story import Chart
from statements.files import validation
from statements.models import Attachment, SensitivePeriod, Statement, StyleRule

STYLE_RULES = [
    ("PHSE", "PSHE", "It is short for personal, social, health and economic education."),
    ("utilise", "use", "The short word says the same."),
    ("stakeholders", "", "Say who they are: parents, carers, schools."),
]
SENSITIVE_PERIOD_NAME = "Pre-election period for the county council elections"
SENSITIVE_PERIOD_GUIDANCE = (
    "Nothing that could be taken to favour a party or a candidate. No quotations from councillors "
    "who stand. Advice on health, floods and roads goes out as ever. When in doubt, ask the "
    "monitoring officer."
)
CHART_SIZE_PX = (1200, 675)
BACKGROUND_COLOUR, TEXT_COLOUR, BAR_COLOUR = "#ffffff", "#1c1c1c", "#1d4f91"


def create_newsdesk_rules(today: dt.date) -> None:
    """Create the style rules, and a sensitive period that begins within a fortnight."""
    for avoid, use, why in STYLE_RULES:
        StyleRule.objects.get_or_create(
            avoid=avoid, defaults={"use": use, "why": why, "match_case": avoid.isupper()}
        )
    SensitivePeriod.objects.get_or_create(
        name=SENSITIVE_PERIOD_NAME,
        defaults={
            "starts_on": today + dt.timedelta(days=9),
            "ends_on": today + dt.timedelta(days=44),
            "guidance": SENSITIVE_PERIOD_GUIDANCE,
        },
    )


def attach_chart(statement: Statement, chart: Chart, *, by: User, at: dt.datetime) -> None:
    """Attach the chart to the draft, through the checks that every upload passes."""
    upload = SimpleUploadedFile(chart.name, _draw_chart(chart))
    accepted = validation.validate_upload(upload)
    Attachment.objects.create(
        statement=statement,
        file=validation.store_upload(accepted, by=by, at=at),
        name=accepted.name,
        title=chart.title,
        alt=chart.alt,
        credit=chart.credit,
        terms=chart.terms,
    )


def _draw_chart(chart: Chart) -> bytes:
    picture = Image.new("RGB", CHART_SIZE_PX, BACKGROUND_COLOUR)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=36)
    width = CHART_SIZE_PX[0] / len(chart.bars)
    floor, max_height = CHART_SIZE_PX[1] - 90, CHART_SIZE_PX[1] - 200
    max_number = max(number for _, number in chart.bars)
    for index, (year, number) in enumerate(chart.bars):
        left, top = index * width, floor - max_height * number / max_number
        draw.rectangle((left + 40, top, left + width - 40, floor), fill=BAR_COLOUR)
        draw.text(
            (left + width / 2, top - 36), str(number), fill=TEXT_COLOUR, font=font, anchor="mm"
        )
        draw.text((left + width / 2, floor + 40), year, fill=TEXT_COLOUR, font=font, anchor="mm")
    png = io.BytesIO()
    picture.quantize(16).save(png, "PNG", optimize=True)
    return png.getvalue()

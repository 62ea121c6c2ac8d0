"""Roles of editions that were frozen before a voice knew its role, read from the words themselves.

A step of its own: PostgreSQL changes no table with foreign keys still to be checked.
"""

import json
from collections import defaultdict

from django.db import migrations

BATCH = 1000


def fill(apps, schema_editor):
    voice_model = apps.get_model("statements", "EditionVoice")
    held = _held(apps.get_model("organisations", "Appointment"))
    last = 0
    while rows := _following(voice_model, last):
        last = rows[-1][0]
        found = [(pk, _role(held[speaker], *edition)) for pk, speaker, *edition in rows]
        voices = [voice_model(pk=pk, appointment_id=role) for pk, role in found if role]
        voice_model.objects.bulk_update(voices, ["appointment"])


def _following(voice_model, last):
    voices = voice_model.objects.filter(speaker__isnull=False, appointment=None, pk__gt=last)
    columns = ("pk", "speaker", "edition__content", "edition__dated_on", "edition__submitted_at")
    return list(voices.order_by("pk").values_list(*columns)[:BATCH])


def _role(held, content, dated_on, submitted_at):
    """The one named in the words and held on their day, or the only one named."""
    named, day = _named(content), dated_on or submitted_at.date()
    fitting = [one for one in held if (one[1], one[2]) in named]
    in_office = [one for one in fitting if (one[3] or day) <= day <= (one[4] or day)]
    chosen = in_office or (fitting if len(fitting) == 1 else [])
    return chosen[0][0] if chosen else None


def _held(appointment_model):
    held = defaultdict(list)
    for speaker, *role in appointment_model.objects.order_by("pk").values_list(
        "speaker", "pk", "role", "organisation__slug", "starts_on", "ends_on"
    ):
        held[speaker].append(role)
    return held


def _named(content):
    """(role, body) of everybody who speaks in these words."""
    speakers = (passage["speaker"] for passage in json.loads(content).get("passages", []))
    return {(one["role"], (one["organisation"] or {}).get("slug")) for one in speakers if one}


class Migration(migrations.Migration):
    dependencies = [("statements", "0016_spoken_in_role")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""A passage of the draft: a run of words by one voice, a table or a picture."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from organisations.models import Appointment, Speaker
from statements import clock
from statements.content import rendering, schema
from statements.models.statement import Statement


class PassageQuerySet(models.QuerySet["Passage"]):
    def in_order(self) -> "PassageQuerySet":
        """Return passages in their order, with what freezing needs."""
        return self.select_related(
            *("speaker", "appointment__organisation", "statement", "picture__file")
        ).order_by("position", "pk")


def make_block_id() -> str:
    """Return a random name for a block of the content."""
    return uuid.uuid4().hex


class Passage(models.Model):
    """A run of words by one voice in the draft. Mutable.

    With a speaker it is a quotation: paragraphs are stored *without* outer quotation marks, which
    content/rendering.py adds. Without one it is narration, or a table if the body is one table.
    With a picture it is the place of that picture between the others, and has no words of its own.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="passages")
    block_id = models.CharField(
        max_length=32,
        default=make_block_id,
        editable=False,
        help_text="Names the block in the content of every edition.",
    )
    position = models.PositiveIntegerField(default=0)
    heading = models.CharField("sub-heading", max_length=200, blank=True)
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, blank=True)
    appointment = models.ForeignKey(
        Appointment,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_lazy("role"),
        help_text=_lazy("Leave empty to use the role they held that day."),
    )
    attribution = models.CharField(
        max_length=500,
        blank=True,
        help_text=(
            _lazy(
                "The line before the words. Empty means: made from the speaker and the role, where "
                "a new speaker begins."
            )
        ),
    )
    body = models.TextField("words", blank=True)
    awaits_speaker = models.BooleanField(
        default=False, help_text=_lazy("A quotation; whose words they are is still to be said.")
    )
    picture = models.OneToOneField(
        "statements.Attachment", models.CASCADE, null=True, blank=True, related_name="place"
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(appointment=None) | Q(speaker__isnull=False),
                name="passage_appointment_check",
                violation_error_message=_lazy("A role needs a speaker."),
            ),
            models.CheckConstraint(
                # A line of the body is a block.
                condition=~Q(body__startswith="<table>", body__endswith="</tbody></table>")
                | Q(body__contains="\n")
                | Q(speaker=None),
                name="passage_body_speaker_check",
                violation_error_message=_lazy("A table has no speaker."),
            ),
            models.CheckConstraint(
                condition=Q(awaits_speaker=False) | Q(speaker=None),
                name="passage_awaits_speaker_check",
                violation_error_message=_lazy("A quotation that has a speaker waits for none."),
            ),
            models.CheckConstraint(
                condition=Q(picture=None)
                | Q(speaker=None, awaits_speaker=False, heading="", attribution="", body=""),
                name="passage_picture_check",
                violation_error_message=_lazy("The place of a picture has no words."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(speaker)s, passage %(number)s") % {
            "speaker": self.speaker or "Narration",
            "number": self.position + 1,
        }

    def resolve_appointment(self, *, explicit_roles_only: bool = False) -> Appointment | None:
        """Return the role chosen, else the only one that the speaker holds on the day."""
        if (
            self.appointment
            or explicit_roles_only
            or self.speaker is None
            or self.speaker.pk is None
        ):
            return self.appointment
        day = self.statement.dated_on or timezone.localdate(clock.now())
        held = self.speaker.appointments_in_force_on(day).filter(
            Q(proposals=None) | Q(proposals__statement=self.statement.pk)
        )
        in_force = held.select_related("organisation")[:2]
        return in_force[0] if len(in_force) == 1 else None

    def content(
        self, *, new_voice: bool = True, explicit_roles_only: bool = False
    ) -> dict[str, Any]:
        """Return the passage as it would be frozen, with copies of names and roles."""
        if self.picture is not None:
            return schema.freeze_picture(self.block_id, self.picture.file.digest)
        role = self.resolve_appointment(explicit_roles_only=explicit_roles_only)
        values = schema.read_columns(schema.PASSAGE_FIELDS, self)
        values["attribution"] = self.attribution or self._make_attribution(role, new_voice)
        values["speaker"] = self._speaker_content(role)
        return schema.freeze_block(self.block_id, schema.freeze(schema.PASSAGE_FIELDS, values))

    def _make_attribution(self, role: Appointment | None, new_voice: bool) -> str:
        if self.speaker is None or not new_voice:
            return ""
        return rendering.generate_attribution(
            self.speaker.name,
            role.role if role else "",
            role.organisation.in_text if role else "",
            self.statement.language,
        )

    def _speaker_content(self, role: Appointment | None) -> dict[str, Any] | None:
        if self.speaker is None:
            return None
        values: dict[str, Any] = {
            "name": self.speaker.name,
            "slug": self.speaker.slug,
            "role": role.role if role else "",
        }
        if role:
            fields = schema.EMPLOYER_FIELDS
            values["organisation"] = schema.freeze(
                fields, schema.read_columns(fields, role.organisation)
            )
        return schema.freeze(schema.SPEAKER_FIELDS, values)

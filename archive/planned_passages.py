"""Build the passages of a row. Words without a certain speaker stay as the source has them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archive.matching.new_objects import MAX_NAME_CHARS
from archive.name_matching import NameMatcher
from organisations.models import Appointment, Speaker
from statements.content import html, rendering
from statements.drafting.from_document import add_literal_quotation_marks, split_long_passages
from statements.models import Passage
from statements.parsing.draft import DraftPassage

MAX_ATTRIBUTION_CHARS = 500


@dataclass
class PassageBuilder:
    """Build the passages of one row, and collect the doubts about who speaks."""

    name_matcher: NameMatcher
    where: str
    language: str
    doubts: list[str] = field(default_factory=list)
    _last_speaker: Speaker | None = None

    def build(self, draft_passages: Iterable[DraftPassage]) -> list[Passage]:
        passages = [
            passage
            for draft_passage in draft_passages
            for passage in self._build_voice(draft_passage)
        ]
        self.doubts = list(dict.fromkeys(self.doubts))
        return passages

    def _build_voice(self, draft_passage: DraftPassage) -> Iterator[Passage]:
        """Yield the passages of one voice: several where there are too many words for one."""
        speaker, role = None, None
        if draft_passage.is_quoted:
            speaker = self._match_speaker(draft_passage)
            if speaker is None:
                draft_passage = _make_narration(draft_passage, self.language)
            else:
                role = self._match_role(speaker, draft_passage)
        for part in split_long_passages([draft_passage]):
            passage = self._build_part(part)
            if part.is_quoted:  # a table within the words is by nobody
                passage.speaker, passage.appointment = speaker, role
            line = part.attribution[:MAX_ATTRIBUTION_CHARS]
            if line != self._generate_attribution(passage.speaker, role):
                passage.attribution = line
            self._last_speaker = passage.speaker or self._last_speaker
            yield passage

    def _match_speaker(self, draft_passage: DraftPassage) -> Speaker | None:
        """Return the speaker, if the name is certain and a line of the source introduces it."""
        speaker, why = self.name_matcher.match_speaker(draft_passage, where=self.where)
        if why and draft_passage.speaker_name:
            self.doubts.append(f"The words of “{draft_passage.speaker_name}” stay narration. {why}")
        return speaker if draft_passage.attribution else None

    def _match_role(self, speaker: Speaker, draft_passage: DraftPassage) -> Appointment | None:
        role, why = self.name_matcher.match_role(speaker, draft_passage, where=self.where)
        if why:
            self.doubts.append(
                f"The role in “{draft_passage.attribution}” is not recorded. "
                f"{draft_passage.organisation_name}: {why}"
            )
        return role

    def _build_part(self, draft_passage: DraftPassage) -> Passage:
        blocks, heading = list(draft_passage.blocks), draft_passage.heading
        if len(heading) > MAX_NAME_CHARS:
            heading, blocks = "", [html.make_paragraph(heading), *blocks]
        return Passage(heading=heading, body="\n".join(blocks))

    def _generate_attribution(self, speaker: Speaker | None, role: Appointment | None) -> str:
        """Return the line that the page generates, so that it need not be kept.

        Without a role it would take the speaker's present one, and it generates none for the voice
        of before: there the line is kept.
        """
        if speaker is None or role is None or speaker == self._last_speaker:
            return ""
        return rendering.generate_attribution(
            speaker.name, role.role, role.organisation.in_text, self.language
        )


def _make_narration(draft_passage: DraftPassage, language: str) -> DraftPassage:
    if not draft_passage.typed_blocks:  # the marks as typed are not known
        blocks = tuple(add_literal_quotation_marks(draft_passage, language))
        draft_passage = replace(draft_passage, typed_blocks=blocks)
    return draft_passage.as_narration()

"""Build the passages of a row. Words without a certain speaker stay as the source has them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.matching.name_matcher import NameMatcher
from archive.matching.new_objects import MAX_NAME_CHARS
from organisations.models import Appointment, Speaker
from statements.content import html
from statements.drafting.from_document import split_long_passages
from statements.models import Passage
from statements.parsing.draft import DraftPassage


@dataclass
class PassageBuilder:
    """Build the passages of one row, and collect the doubts about who speaks."""

    name_matcher: NameMatcher
    where: str
    doubts: list[str] = field(default_factory=list)
    _voice: tuple[Speaker | None, Appointment | None] = (None, None)

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
        speaker, role = self._match_voice(draft_passage)
        if speaker is None:
            draft_passage = draft_passage.as_narration()
        self._voice = speaker, role
        for part in split_long_passages([draft_passage]):
            passage = self._build_part(part)
            if part.is_quoted:  # a table within the words is by nobody
                passage.speaker, passage.appointment = speaker, role
            passage.attribution = part.attribution  # word for word: the page generates none
            yield passage

    def _match_voice(
        self, draft_passage: DraftPassage
    ) -> tuple[Speaker | None, Appointment | None]:
        if draft_passage.continues_quotation:
            return self._voice
        speaker = self._match_speaker(draft_passage) if draft_passage.is_quoted else None
        return speaker, self._match_role(speaker, draft_passage) if speaker else None

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

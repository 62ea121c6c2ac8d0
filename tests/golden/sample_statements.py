"""200 statements that differ in everything the product lets a writer vary, the same every time."""

import datetime as dt
import io
import random
import uuid

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from organisations.models import Appointment, Organisation, Speaker
from statements import workflow
from statements.content.languages import LANGUAGES
from statements.files import validation
from statements.models import Attachment, Passage, Statement, StatementKind
from statements.roles import AUTHOR, EDITOR
from tests.cast import submit_statement

NUMBER_OF_STATEMENTS = 200
UUID_NAMESPACE = uuid.UUID("0b8f7a52-54a3-5c0f-8a4e-7a1f6f6f2d11")

SENTENCES = [
    "We welcome the report and will study each of its findings.",
    "“Nobody was told,” the inspector wrote, and we agree that somebody should have been.",
    '"Straight quotation marks" come out of many a mailbox.',
    "She called it ‘a good start’ – and added: “The children’s own word was ‘finally’.”",
    "Costs rose by 4.5 % to £1,200,000 between 2041 and 2043.",
    'Read <a href="https://example.org/report?year=2043&amp;page=2">the whole report</a> & judge.',
    "This is <b>urgent</b>, and <i>overdue</i> by <strong>ten <em>years</em></strong>.",
    "A line ends here<br>and goes on there.",
    "Mae’r llyfrgell ar agor bob dydd.",
    "نرحب بالتقرير، وسندرس كل توصياته.",
    "Cafe\u0301 and naïve, ﬁve and 5 ≤ 6 &lt; 7.",
    "A\u00a0non-breaking space, a soft\u00adhyphen, a\ttab and  two spaces.",
    'Write to <a href="mailto:press@example.org">the press office</a>, or click <a href="javascript:alert(1)">here</a>.',
]
LISTS = [
    "<ul><li>More time</li><li>More <b>money</b></li><li>“Fewer forms”</li></ul>",
    "<ol><li>First</li><li>Second<ul><li>with a part</li><li>and another</li></ul></li></ol>",
    "<ul><li><p>One paragraph</p><p>and a second</p></li><li></li></ul>",
    "<ol></ol>",
]
OTHER_BLOCKS = [
    "<blockquote>Set apart by its writer.</blockquote>",
    "<h2>A heading that became words</h2>",
    "<table><tr><td>A cell</td><td>another</td></tr></table>",
    "Words without a paragraph",
    "<p> </p><p>After an empty paragraph<br><br>and after two line ends</p>",
    '<div class="MsoNormal" style="color:red">From Word<span>, with a span</span></div>',
]
HEADLINES = [
    "{} responds to the budget",
    "“Too little, too late”: {} on the review",
    "{}: 5 things to know & 1 to forget",
    "Croeso i {}",
    "تعليق {} على التقرير",
    "{} speaks of 'half measures' and \"whole truths\"",
    "A very long headline of {} that says everything at once, then says it again with other words, and does not end before every reader has understood what it is about",
]
ATTRIBUTIONS = ["", "", "", "Asked about the review, she said:", "Dr Example added:"]
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def create_sample_statements(*, at: dt.datetime) -> None:
    """Write every statement, submit it, and let most of them be published before `at`."""
    author, editor = _create_user("author", AUTHOR), _create_user("editor", EDITOR)
    writer = _Writer(author, editor, at=at)
    for number in range(NUMBER_OF_STATEMENTS):
        writer.write(number)


def _create_user(name: str, group: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


class _Writer:
    def __init__(self, author: User, editor: User, *, at: dt.datetime) -> None:
        self.author, self.editor, self.at = author, editor, at
        self.random = random.Random(16)
        self.publishers = _create_publishers()
        self.speakers = _create_speakers(self.publishers)

    def write(self, number: int) -> None:
        """Take one statement from its draft to its edition; each ninth is corrected afterwards."""
        at = self.at - dt.timedelta(days=3 * (NUMBER_OF_STATEMENTS - number))
        statement = self._create_draft(number, at)
        for position in range(self.random.choice([1, 1, 2, 3, 5])):
            self._create_passage(statement, position)
        if self.random.random() < 0.2:
            self._attach_file(statement, at)
        statement.record_save(by=self.author, seen_version=statement.version)
        self._publish(statement, at, held=number % 10 == 0)
        if number % 9 == 1:
            self._correct(statement, at + dt.timedelta(days=1))

    def _create_draft(self, number: int, at: dt.datetime) -> Statement:
        publisher = self.random.choice(self.publishers)
        responds_to = self.random.random() < 0.3
        return Statement.objects.create(
            uuid=uuid.uuid5(UUID_NAMESPACE, str(number)),
            headline=self.random.choice(HEADLINES).format(f"{publisher.short_name} {number // 2}"),
            kind=list(StatementKind)[number % len(StatementKind)],
            summary=self.random.choice(["", *SENTENCES[:4]]),
            organisation=publisher,
            language="en" if self.random.random() < 0.5 else self.random.choice(LANGUAGES)[0],
            dated_on=at.date() if self.random.random() < 0.6 else None,
            responds_to_title=self.random.choice(["", "The Review"]) if responds_to else "",
            responds_to_url="https://example.org/review" if responds_to else "",
            notes_to_editors=self._body() if self.random.random() < 0.4 else "",
            slug=f"chosen-{number}" if self.random.random() < 0.1 else "",
        )

    def _create_passage(self, statement: Statement, position: int) -> None:
        speaker = self.random.choice([None, *self.speakers])
        roles = list(speaker.appointments.order_by("role")) if speaker else []
        Passage.objects.create(
            statement=statement,
            position=position,
            heading=self.random.choice(["", "", "What comes next", "“In her words”"]),
            speaker=speaker,
            appointment=self.random.choice([None, *roles]),
            attribution=self.random.choice(ATTRIBUTIONS) if speaker else "",
            body=self._body(),
        )

    def _body(self) -> str:
        sentences = self.random.choices(SENTENCES, k=self.random.randint(1, 6))
        blocks = [f"<p>{sentence}</p>" for sentence in sentences]
        if self.random.random() < 0.3:
            blocks.insert(self.random.randint(0, len(blocks)), self.random.choice(LISTS))
        if self.random.random() < 0.3:
            blocks.insert(self.random.randint(0, len(blocks)), self.random.choice(OTHER_BLOCKS))
        return "".join(blocks)

    def _attach_file(self, statement: Statement, at: dt.datetime) -> None:
        is_picture = self.random.random() < 0.5
        name, data = ("colours.png", _draw_picture()) if is_picture else ("report.pdf", PDF)
        upload = validation.validate_upload(SimpleUploadedFile(name, data))
        Attachment.objects.create(
            statement=statement,
            file=validation.store_upload(upload, by=self.author, at=at),
            name=upload.name,
            title=self.random.choice(["", "A “title” & more"]),
            alt="Two colours" if is_picture else "",
            credit=self.random.choice(["", "Photographer"]),
            terms=self.random.choice(["", "Free for editorial use"]),
        )

    def _publish(self, statement: Statement, at: dt.datetime, *, held: bool) -> None:
        edition = submit_statement(statement, by=self.author, at=at)
        release_at = None if held else at
        workflow.approve(
            edition, by=self.editor, at=at, seen_digest=edition.digest, release_at=release_at
        )

    def _correct(self, statement: Statement, at: dt.datetime) -> None:
        statement.refresh_from_db()
        kind = self.random.choice(["typo", "clarification", "correction", "retraction"])
        statement.headline += ", corrected"
        statement.amendment = kind
        statement.public_note = "" if kind == "typo" else "The headline lacked a word."
        statement.save(update_fields=["headline", "amendment", "public_note"])
        statement.record_save(by=self.author, seen_version=statement.version)
        self._publish(statement, at, held=False)


def _create_publishers() -> list[Organisation]:
    return [
        Organisation.objects.create(
            name=name,
            short_name=short_name,
            name_in_text=name_in_text,
            slug=slug,
            publishes=True,
            boilerplate=boilerplate,
            reuse_terms=reuse_terms,
        )
        for name, short_name, name_in_text, slug, boilerplate, reuse_terms in (
            ("Directors’ Association", "DA", "the Directors’ Association", "da", "", ""),
            ("Cyngor Aberwen", "Cyngor", "", "cyngor", "We run\nthe town.", "Quote “freely”."),
            ("Nurses & Carers", "N&C", "Nurses & Carers", "nurses", "Cafe\u0301 owners too.", ""),
        )
    ]


def _create_speakers(organisations: list[Organisation]) -> list[Speaker]:
    """A speaker without a role, with one, with one that ended, and with two at a time."""
    people = {
        "Ann Noroles": [],
        "Dr Bea Onerole": [("President", 0, None)],
        "Cllr Cy Former": [("Chair", 1, dt.date(2043, 12, 31))],
        "Dame Dee Tworoles DBE": [("Chair", 1, None), ("Vice-President & Treasurer", 0, None)],
        "Élodie O’Brien": [("Spokesperson on ‘health’", 2, None)],
    }
    return [
        _create_speaker(name, [(organisations[at], role, end) for role, at, end in roles])
        for name, roles in people.items()
    ]


def _create_speaker(name: str, roles: list) -> Speaker:
    speaker = Speaker.objects.create(name=name, slug=name.split()[1].lower().replace("’", ""))
    for organisation, role, ends_on in roles:
        Appointment.objects.create(
            speaker=speaker, organisation=organisation, role=role, ends_on=ends_on
        )
    return speaker


def _draw_picture() -> bytes:
    picture = Image.new("RGB", (900, 600), "red")
    picture.paste("blue", (450, 0, 900, 600))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()

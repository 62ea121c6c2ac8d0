"""Only what its source clearly marks as public, and past, comes in as published."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.formats import detect_format
from archive.mapping import Mapping, parse_mapping
from archive.readers import publicness
from archive.readers.publicness import StatusKind
from archive.readers.row import Row, SkippedRow, UnreadableSource
from archive.readers.source import find_files
from archive.readers.source_status import StatusMeaning
from archive.readers.status_fields import (
    judge_file_name,
    judge_headline,
    normalise_value,
    read_status,
)
from archive.readers.status_names import classify_name
from tests.archive.samples import (
    make_record,
    make_wordpress_post,
    write_file,
    write_json_lines,
    write_wxr,
)

AT = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
PUBLIC, NOT_PUBLIC, UNCLEAR = "public", "not public", "unclear"

# Each status as a format's own documentation has it: where it is documented, the field, its value,
# and what it means here. What WordPress calls “approved” waits for its publication.
DOCUMENTED = [
    ("WordPress, get_post_statuses", "post_status", "publish", PUBLIC),
    ("WordPress, get_post_statuses", "post_status", "draft", NOT_PUBLIC),
    ("WordPress, get_post_statuses", "post_status", "pending", NOT_PUBLIC),
    ("WordPress, get_post_statuses", "post_status", "Pending Review", NOT_PUBLIC),
    ("WordPress, get_post_statuses", "post_status", "private", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "future", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "auto-draft", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "inherit", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "request-pending", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "request-completed", NOT_PUBLIC),
    ("WordPress, get_post_stati", "post_status", "trash", "deleted"),
    ("WordPress REST API, posts", "content", {"rendered": "", "protected": True}, NOT_PUBLIC),
    ("WordPress REST API, posts", "content", {"rendered": "A", "protected": False}, PUBLIC),
    ("WordPress REST API, posts", "comment_status", "closed", PUBLIC),
    ("WordPress REST API, posts", "ping_status", "open", PUBLIC),
    ("WordPress REST API, posts", "password", "letmein", NOT_PUBLIC),
    ("Edit Flow, custom statuses", "status", "pitch", NOT_PUBLIC),
    ("Edit Flow, custom statuses", "status", "assigned", NOT_PUBLIC),
    ("Edit Flow, custom statuses", "status", "in-progress", NOT_PUBLIC),
    ("Edit Flow, custom statuses", "status", "Waiting for Feedback", NOT_PUBLIC),
    ("Edit Flow, custom statuses", "status", "Waiting for Edit", NOT_PUBLIC),
    ("PublishPress Statuses", "status", "approved", NOT_PUBLIC),
    ("PublishPress Statuses", "status", "Needs Work", NOT_PUBLIC),
    ("PublishPress Statuses", "status", "Rejected", NOT_PUBLIC),
    ("PublishPress Statuses", "status", "Deferred", NOT_PUBLIC),
    ("Ghost Admin API, posts", "status", "published", PUBLIC),
    ("Ghost Admin API, posts", "status", "scheduled", NOT_PUBLIC),
    ("Ghost Admin API, posts", "status", "sent", NOT_PUBLIC),
    ("Ghost Admin API, posts", "visibility", "public", PUBLIC),
    ("Ghost Admin API, posts", "visibility", "members", NOT_PUBLIC),
    ("Ghost Admin API, posts", "visibility", "paid", NOT_PUBLIC),
    ("Ghost Admin API, posts", "visibility", "tiers", NOT_PUBLIC),
    ("Ghost Admin API, posts", "email_only", True, NOT_PUBLIC),
    ("IPTC ninjs 1.3", "pubstatus", "usable", PUBLIC),
    ("IPTC ninjs 1.3", "pubstatus", "withheld", NOT_PUBLIC),
    ("IPTC ninjs 1.3", "pubstatus", "canceled", NOT_PUBLIC),
    ("IPTC ninjs 1.3", "embargoed", "2026-12-02T00:01:00Z", NOT_PUBLIC),
    ("IPTC ninjs 1.3", "embargoed", "2012-05-03T09:30:00Z", PUBLIC),
    ("NITF 3.1 DTD, docdata", "management-status", "usable", PUBLIC),
    ("NITF 3.1 DTD, docdata", "management-status", "embargoed", NOT_PUBLIC),
    ("NITF 3.1 DTD, docdata", "management-status", "withheld", NOT_PUBLIC),
    ("NITF 3.1 DTD, docdata", "management-status", "canceled", NOT_PUBLIC),
    ("AP Media API 2.2", "expires", "2025-01-16T22:17:26Z", NOT_PUBLIC),
    ("AP Media API 2.2", "expires", "2036-01-16T22:17:26Z", PUBLIC),
    ("Drupal 7, node", "node", {"nid": "7", "status": "1"}, PUBLIC),
    ("Drupal 7, node", "node", {"nid": "7", "status": "0"}, NOT_PUBLIC),
    ("Drupal 10, JSON:API", "attributes", {"status": True}, PUBLIC),
    ("Drupal 10, JSON:API", "attributes", {"status": False}, NOT_PUBLIC),
    ("Drupal 10, REST", "status", [{"value": False}], NOT_PUBLIC),
    ("Drupal Views, Boolean field", "Published", "On", PUBLIC),
    ("Drupal Views, Boolean field", "Published", "Off", NOT_PUBLIC),
    ("Drupal Content Moderation", "moderation_state", "archived", NOT_PUBLIC),
    ("Drupal Content Moderation", "moderation_state", [{"value": "published"}], PUBLIC),
    ("LocalGov Drupal, workflows", "moderation_state", "Review", NOT_PUBLIC),
    ("Drupal Scheduler", "publish_on", "2027-01-01T00:00:00Z", NOT_PUBLIC),
    ("Drupal Scheduler", "unpublish_on", "2020-01-01T00:00:00Z", NOT_PUBLIC),
    ("Joomla, content state", "item", {"state": "1", "catid": 2}, PUBLIC),
    ("Joomla, content state", "item", {"state": "0", "catid": 2}, NOT_PUBLIC),
    ("Joomla, content state", "state", "2", UNCLEAR),
    ("Joomla, content state", "state", "-2", UNCLEAR),
    ("Joomla, content", "publish_down", "0000-00-00 00:00:00", PUBLIC),
    ("Joomla, content", "publish_down", "2019-12-31 00:00:00", NOT_PUBLIC),
    ("Joomla, view levels", "access", "Registered", NOT_PUBLIC),
    ("Joomla, view levels", "access", "Special", NOT_PUBLIC),
    ("Joomla, view levels", "access", "Public", PUBLIC),
    ("Craft CMS, glossary: status", "status", "live", PUBLIC),
    ("Craft CMS, glossary: status", "status", "expired", NOT_PUBLIC),
    ("Craft CMS, glossary: status", "status", "disabled", NOT_PUBLIC),
    ("Craft CMS, entries", "expiryDate", "2020-01-01", NOT_PUBLIC),
    ("Wagtail, Page model", "live", False, NOT_PUBLIC),
    ("Wagtail, Page model", "live", True, PUBLIC),
    ("Wagtail, Page model", "expired", True, NOT_PUBLIC),
    ("Wagtail, Page model", "go_live_at", "2027-02-03T09:00:00Z", NOT_PUBLIC),
    ("Wagtail, Page model", "expire_at", "2021-02-03T09:00:00Z", NOT_PUBLIC),
    ("Hugo, usage: draft, future and expired", "draft", True, NOT_PUBLIC),
    ("Hugo, usage: draft, future and expired", "draft", False, PUBLIC),
    ("Hugo, usage: draft, future and expired", "publishDate", "2027-01-01", NOT_PUBLIC),
    ("Hugo, usage: draft, future and expired", "expiryDate", "2020-01-01", NOT_PUBLIC),
    ("Jekyll, front matter", "published", False, NOT_PUBLIC),
    ("Pelican, content", "Status", "hidden", NOT_PUBLIC),
    ("Pelican, content", "Status", "skip", NOT_PUBLIC),
    ("Strapi 5, Draft & Publish", "publishedAt", None, UNCLEAR),
    ("Strapi 5, Draft & Publish", "status", "modified", NOT_PUBLIC),
    ("Sanity, drafts", "_id", "drafts.4f0f-a1", UNCLEAR),
    ("Webflow CMS API", "isDraft", True, NOT_PUBLIC),
    ("Webflow CMS API", "isArchived", True, NOT_PUBLIC),
    ("Webflow CMS API", "status", "Queued to publish", NOT_PUBLIC),
    ("Webflow CMS API", "status", "Draft changes", NOT_PUBLIC),
    ("HubSpot, blog posts", "state", "PUBLISHED", PUBLIC),
    ("HubSpot, blog posts", "state", "SCHEDULED", NOT_PUBLIC),
    ("HubSpot, blog posts", "archived_at", 1496942083000, NOT_PUBLIC),
    ("HubSpot, blog posts", "archived_at", 0, PUBLIC),
    ("Atom Publishing Protocol, app:draft", "draft", "yes", NOT_PUBLIC),
    ("Atom Publishing Protocol, app:draft", "draft", "no", PUBLIC),
    ("Blogger API 3", "status", "LIVE", PUBLIC),
    ("Blogger API 3", "status", "SCHEDULED", NOT_PUBLIC),
    ("Plone, workflows", "review_state", "published", PUBLIC),
    ("Plone, workflows", "review_state", "private", NOT_PUBLIC),
    ("Plone, workflows", "review_state", "visible", UNCLEAR),
    ("Plone, workflows", "review_state", "internally_published", NOT_PUBLIC),
    ("GOV.UK Whitehall, edition workflow", "state", "submitted", NOT_PUBLIC),
    ("GOV.UK Whitehall, edition workflow", "state", "superseded", NOT_PUBLIC),
    ("GOV.UK Whitehall, edition workflow", "state", "withdrawn", NOT_PUBLIC),
    ("GOV.UK Whitehall, edition workflow", "state", "unpublished", NOT_PUBLIC),
    ("GOV.UK Content Block Manager", "state", "awaiting_factcheck", NOT_PUBLIC),
    ("GOV.UK content items", "withdrawn_notice", {"explanation": "Old."}, NOT_PUBLIC),
    ("GOV.UK content items", "withdrawn_notice", {}, PUBLIC),
    ("ExpressionEngine, statuses", "status", "closed", NOT_PUBLIC),
    ("ExpressionEngine, statuses", "status", "open", UNCLEAR),
    ("Movable Type, entries", "status", "1", UNCLEAR),  # there, unpublished
    ("Movable Type, entries", "status", "Scheduled", NOT_PUBLIC),
    ("SharePoint, _ModerationStatus", "_ModerationStatus", "1", UNCLEAR),  # there, denied
    ("SharePoint, _ModerationStatus", "_ModerationStatus", "3", UNCLEAR),
    ("Substack, posts.csv", "audience", "only_paid", UNCLEAR),
    ("Substack, posts.csv", "audience", "everyone", PUBLIC),
    ("Substack, posts.csv", "is_published", "false", NOT_PUBLIC),
    ("LiveJournal, export", "security", "usemask", UNCLEAR),
    ("LiveJournal, export", "security", "private", NOT_PUBLIC),
    ("PRISM metadata", "killDate", "2020-01-01", NOT_PUBLIC),
    ("Episerver, pages", "PageStopPublish", "2020-01-01", NOT_PUBLIC),
    ("Episerver, pages", "PagePendingPublish", "true", NOT_PUBLIC),
    ("Kentico, documents", "DocumentPublishTo", "2020-01-01", NOT_PUBLIC),
    ("Kentico, documents", "DocumentPublishFrom", "2036-01-01", NOT_PUBLIC),
    ("Storyblok, stories", "published", False, NOT_PUBLIC),
    ("Tumblr, posts", "state", "queued", NOT_PUBLIC),
    ("Movable Type, entries", "status", "Unpublished", NOT_PUBLIC),
    ("Chrome Web Store API", "state", "PUBLISHED_TO_TESTERS", NOT_PUBLIC),
    ("OpenAIRE, access rights", "access_rights", "embargoed access", NOT_PUBLIC),
    ("OpenAIRE, access rights", "access_rights", "open access", PUBLIC),
    ("schema.org, isAccessibleForFree", "isAccessibleForFree", False, NOT_PUBLIC),
    ("US DOJ, press releases", "release_state", "FOR IMMEDIATE RELEASE", PUBLIC),
]

# Made up, as people and programs of their own write them.
HOMEMADE = [
    ("Status", "Embargoed", NOT_PUBLIC),
    ("Status", " withdrawn ", NOT_PUBLIC),
    ("STATUS", "HOLD", NOT_PUBLIC),
    ("Status", "Confidential", NOT_PUBLIC),
    ("Status", "Pending review", NOT_PUBLIC),
    ("Status", "", UNCLEAR),
    ("Status", None, UNCLEAR),
    ("Status", "–", UNCLEAR),
    ("Status", "published?", UNCLEAR),
    ("Status", "not yet published", NOT_PUBLIC),
    ("Status", "un-published", UNCLEAR),
    ("Status", "Published tomorrow", UNCLEAR),
    ("Status", ["published", "embargoed"], NOT_PUBLIC),
    ("Status", {"name": "Published"}, PUBLIC),
    ("Status", {"colour": "green"}, UNCLEAR),
    ("Status", "Veröffentlicht", PUBLIC),
    ("Status", "1.0", UNCLEAR),
    ("Published", "1.0", PUBLIC),
    ("Status", {"en-US": "Published", "cy": "Draft"}, NOT_PUBLIC),
    ("visible to", "2020-01-01", NOT_PUBLIC),
    ("visible to", "2036-01-01", PUBLIC),
    ("Status", "-1", UNCLEAR),
    ("is_public", "No", NOT_PUBLIC),
    ("public", False, NOT_PUBLIC),
    ("ispublic", "0", NOT_PUBLIC),
    ("is_draft", 1, NOT_PUBLIC),
    ("draft", None, PUBLIC),
    ("deleted_at", "2020-01-02", NOT_PUBLIC),
    ("deleted_at", None, PUBLIC),
    ("published_at", "", UNCLEAR),
    ("published_at", "2015-03-01", PUBLIC),
    ("publish_at", "2027-01-01", NOT_PUBLIC),
    ("publish_at", "soon", UNCLEAR),
    ("publish_at", "", PUBLIC),
    ("Embargo", "Yes", NOT_PUBLIC),
    ("Embargo", "none", PUBLIC),
    ("Embargo", "until the conference", UNCLEAR),
    ("Embargo lifts", "2026-12-01", NOT_PUBLIC),  # a day: until its end
    ("Embargo lifts", "2026-11-30", PUBLIC),
    ("Embargo until", "12/01/2026", NOT_PUBLIC),  # the twelfth of January, or the first of December
    ("Media embargo ends (GMT)", "2 December 2026, 00:01", NOT_PUBLIC),
    ("embargoedUntil", "2027-01-01T00:00:00Z", NOT_PUBLIC),
    ("Retraction reason", "An error in the figures", NOT_PUBLIC),
    ("Internal only", "y", NOT_PUBLIC),
    ("approval_status", "approved", PUBLIC),
    ("approval_status", "awaiting approval", NOT_PUBLIC),
    ("Reviewed?", "no", NOT_PUBLIC),
    ("review date", "2030-01-01", PUBLIC),
    ("workflow.stage", "Legal", UNCLEAR),
    ("paid", True, NOT_PUBLIC),
    ("Type", "Embargoed", UNCLEAR),
    ("Notes", "NOT FOR RELEASE before the minister has seen it", UNCLEAR),
    ("Notes", "A draft of the bill was published.", PUBLIC),
    ("Private secretary", "Jo Fox", PUBLIC),
    ("Published by", "Jo Fox", PUBLIC),
    ("status_code", "200", PUBLIC),
    ("meta", {"visibility": "private"}, NOT_PUBLIC),
    ("author", {"status": "inactive"}, PUBLIC),
    ("author.status", "inactive", PUBLIC),
    ("workflow.status", "inactive", NOT_PUBLIC),
]


def judge(field: str, value: object, mapping: Mapping | None = None) -> str:
    status = read_status([("title", "A"), (field, value)], mapping or Mapping()).resolve(AT)
    return {StatusMeaning.EMPTY: UNCLEAR}.get(
        status.meaning, status.meaning.name.casefold().replace("_", " ")
    )


@pytest.mark.parametrize(("source", "field", "value", "means"), DOCUMENTED)
def test_a_documented_status_means_what_its_documentation_says(source, field, value, means):
    assert judge(field, value) == means, source


def test_the_list_of_documented_statuses_is_long():
    assert len({(field, str(value)) for _, field, value, _ in DOCUMENTED}) >= 60


@pytest.mark.parametrize(("field", "value", "means"), HOMEMADE)
def test_a_status_of_ones_own(field, value, means):
    assert judge(field, value) == means


STATUS_NAMES = [
    "status", "State", "post_status", "workflowState", "visibility", "Web visibility", "is_public",
    "published", "publish_at", "is_draft", "private", "embargo", "embargoed_until", "expires",
    "deleted_at", "hold", "confidential", "approval", "review_state", "moderation_state", "live",
]  # fmt: skip
KNOWN_VALUES = frozenset().union(*(values.public for values in publicness.VALUES_BY_KIND.values()))


@given(st.sampled_from(STATUS_NAMES), st.text(min_size=1))
def test_no_unknown_text_in_a_field_of_status_publishes(name, text):
    normal = normalise_value(text)
    if normal and normal not in KNOWN_VALUES and not any(char.isdecimal() for char in text):
        assert judge(name, text) != PUBLIC


@given(st.sampled_from(sorted(KNOWN_VALUES)), st.text(alphabet="!?*#()[]“”xyz~", min_size=1))
def test_no_public_value_with_something_added_publishes(value, addition):
    for text in (value + addition, addition + value, f"{addition} {value}"):
        if normalise_value(text) not in KNOWN_VALUES:
            assert judge("status", text) != PUBLIC


def test_of_two_fields_that_disagree_not_public_wins():
    fields = [("status", "published"), ("visibility", "private")]
    for order in (fields, fields[::-1]):
        status = read_status(order, Mapping())
        assert (status.text, status.is_public) == ("visibility: private", False)


def test_an_empty_field_beside_one_that_says_public_is_no_doubt():
    fields = [("status", "yes"), ("moderation_state", None)]
    assert read_status(fields, Mapping()).text == "status: yes"


def test_why_it_is_a_draft_is_said_in_a_sentence():
    status = read_status([("status", "Ready to go")], Mapping()).resolve(AT)
    assert status.describe() == (
        "Nobody can tell whether “status: Ready to go” means public, so it comes in as a draft."
    )
    status = read_status([("embargoed", "2027-01-01T00:00:00Z")], Mapping()).resolve(AT)
    assert status.describe() == (
        "Its source says “embargoed: a time to come”, so it comes in as a draft."
    )
    assert read_status([("password", "sesame")], Mapping()).text == "password: (set)"


def test_the_mapping_says_what_a_status_means_here():
    mapping = parse_mapping(
        '[statuses]\n"state: OH" = "public"\nStage = ""\n"status: live" = "draft"\n"Type" = ""'
    )
    assert judge("state", "OH", mapping) == PUBLIC
    assert judge("state", "NY", mapping) == UNCLEAR
    assert judge("stage", "Legal", mapping) == PUBLIC
    assert judge("status", "Live", mapping) == NOT_PUBLIC
    assert judge("Type", "Embargoed", mapping) == PUBLIC
    shown = parse_mapping(
        '[statuses]\n"status: (empty)" = "public"\n"folder: _drafts" = ""\n'
        '"archived_at: a date" = "public"\nembargo = ""'
    )
    assert judge("status", "", shown) == PUBLIC
    assert judge("archived_at", "2020-01-02", shown) == PUBLIC
    assert judge("embargo", "2036-01-01", shown) == PUBLIC
    assert judge_file_name("_drafts/a.md", shown).text == ""
    with pytest.raises(UnreadableSource) as refusal:
        parse_mapping('[statuses]\nstatus = "yes"')
    assert str(refusal.value) == (
        'In the mapping’s [statuses], “status” is "public", "draft" or "", not \'yes\'.'
    )


def test_a_field_that_the_mapping_calls_draft_is_a_status_whatever_its_name():
    mapping = parse_mapping('[fields]\nbody = ["text"]\ndraft = ["Ampel"]')
    assert judge("Ampel", "gelb", mapping) == UNCLEAR
    assert judge("Ampel", "gelb") == PUBLIC


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("_drafts/agenda.md", "folder: _drafts"),
        ("old/Embargoed/a.docx", "folder: Embargoed"),
        ("Old drafts 2019/a.docx", "folder: Old drafts 2019"),
        ("draft-bills/a.docx", ""),
        ("Statement DRAFT v3.docx", "file name: DRAFT"),
        ("posts/draft_Our-plans-3f2a.html", "file name: draft_"),
        ("2019-draft-budget.md", ""),
        ("posts/a.md", ""),
    ],
)
def test_a_folder_or_a_file_name_says_draft(name, means):
    assert judge_file_name(name, Mapping()).text == means


@pytest.mark.parametrize(
    ("headline", "means"),
    [
        ("Private: Our plans", "headline: Private:"),
        ("Protected: Our plans", "headline: Protected:"),
        ("[Withdrawn] Our plans", "headline: [Withdrawn]"),
        ("EMBARGOED UNTIL 2 MAY: Our plans", "headline: EMBARGOED UNTIL"),
        ("Draft budget published", ""),
        ("Private schools: a statement", ""),
    ],
)
def test_a_headline_begins_with_a_status(headline, means):
    assert judge_headline(headline, Mapping()).text == means


# --- Each format, through its reader ---


def read_rows(path: Path, mapping: Mapping | None = None) -> list:
    items = []
    for file in find_files(path).files:
        form = detect_format(file)
        assert form, file.name
        items += form.read(file, mapping or Mapping())
    return items


def list_statuses(path: Path) -> list[tuple[str, bool]]:
    rows = read_rows(path)
    statuses = [row.status.resolve(AT) for row in rows if isinstance(row, Row)]
    return [(status.text, status.is_public) for status in statuses]


def test_wordpress(tmp_path):
    setting = (
        "<wp:postmeta><wp:meta_key>_expiration-date</wp:meta_key>"
        "<wp:meta_value>1262304000</wp:meta_value></wp:postmeta>"
        "<wp:postmeta><wp:meta_key>amp_status</wp:meta_key>"
        "<wp:meta_value>enabled</wp:meta_value></wp:postmeta>"
    )
    password = "<wp:post_password>sesame</wp:post_password>"
    source = write_wxr(
        tmp_path,
        make_wordpress_post(1, "A", "Words.", status="PUBLISH"),
        make_wordpress_post(2, "B", "Words.", status="In-Progress"),
        make_wordpress_post(3, "C", "Words.", status=""),
        make_wordpress_post(4, "D", "Words.", more=password),
        make_wordpress_post(5, "E", "Words.", more=setting),
        make_wordpress_post(6, "F", "Words.", status="Trash"),
    )
    assert list_statuses(source) == [
        ("status: PUBLISH", True),
        ("status: In-Progress", False),
        ("status: (empty)", False),
        ("password: (set)", False),
        ("_expiration-date: a time that has passed", False),
    ]


def test_a_table(tmp_path):
    table = "Title,Date,Text,Status,Embargoed\nA,2012-05-03,Words,Published,\n"
    table += "B,2012-05-03,Words,Embargoed,\nC,2012-05-03,Words,Published,3 May 2031\n"
    assert list_statuses(write_file(tmp_path, "a.csv", table)) == [
        ("Status: Published", True),
        ("Status: Embargoed", False),
        ("Embargoed: a time to come", False),
    ]


def test_drupals_published_is_no_date(tmp_path):
    table = "Title,Published,Created,Body\nA,On,2012-05-03,Words\nB,Off,2012-05-03,Words\n"
    source = write_file(tmp_path, "views.csv", table)
    assert [row.published for row in read_rows(source)] == [dt.date(2012, 5, 3)] * 2
    assert list_statuses(source) == [("Published: On", True), ("Published: Off", False)]


def test_json(tmp_path):
    records = [
        {"title": "A", "body": "Words.", "date": "2012-05-03", **more}
        for more in (
            {"visibility": "private"},
            {"public": False},
            {"is_draft": 1},
            {"publish_at": "2031-01-01"},
            {"attributes": {"status": False}},
            {"withdrawn_at": "2020-01-01"},
        )
    ]
    assert list_statuses(write_file(tmp_path, "a.json", json.dumps(records))) == [
        ("visibility: private", False),
        ("public: false", False),
        ("is_draft: 1", False),
        ("publish_at: a time to come", False),
        ("attributes.status: false", False),
        ("withdrawn_at: a date", False),
    ]
    source = write_json_lines(tmp_path, make_record(1), make_record(2, draft=True))
    assert list_statuses(source) == [("", True), ("draft: true", False)]


def test_a_date_of_creation_is_no_date_of_publishing_where_others_have_one(tmp_path):
    records = [
        {"title": "A", "body": "Words.", "createdAt": "2012-05-02", "publishedAt": "2012-05-03"},
        {"title": "B", "body": "Words.", "createdAt": "2012-05-02"},
    ]
    assert list_statuses(write_file(tmp_path, "a.json", json.dumps(records))) == [
        ("", True),
        ("publishedAt: (empty)", False),
    ]


def test_an_item_without_the_status_that_others_have_is_a_doubt(tmp_path):
    records = [
        {"title": "A", "body": "Words.", "date": "2012-05-02", "status": "published"},
        {"title": "B", "body": "Words.", "date": "2012-05-02"},
        {"title": "C", "body": "Words.", "date": "2012-05-02", "author": {"status": "gone"}},
        {"title": "D", "body": "Words.", "date": "2012-05-02", "visibility": "public"},
    ]
    assert list_statuses(write_file(tmp_path, "a.json", json.dumps(records))) == [
        ("status: published", True),
        ("status: (empty); visibility: (empty)", False),
        ("status: (empty); visibility: (empty)", False),
        ("visibility: public", True),
    ]


def test_a_saved_page_that_says_when_it_expired(tmp_path):
    page = (
        '<html><head><title>A</title><meta property="article:expiration_time" '
        'content="2013-01-01T00:00:00Z"></head><body><h1>A</h1><p>Words.</p></body></html>'
    )
    assert list_statuses(write_file(tmp_path, "a.html", page)) == [
        ("article:expiration_time: a time that has passed", False)
    ]


def test_nitf(tmp_path):
    story = (
        "<nitf><head><docdata{}><date.issue norm='20120503T093000Z'/>{}</docdata></head><body>"
        "<body.head><hedline><hl1>A</hl1></hedline></body.head><body.content><p>Words.</p>"
        "</body.content></body></nitf>"
    )
    examples = [
        (" management-status='usable'", "", ("status: usable", True)),
        (" management-status='withheld'", "", ("status: withheld", False)),
        ("", "<date.release norm='20310503T093000Z'/>", ("embargo_until: a time to come", False)),
        ("", "<date.expire norm='20130503T093000Z'/>", ("expires: a time that has passed", False)),
        ("", "", ("", True)),
    ]
    for attributes, more, status in examples:
        source = write_file(tmp_path, "a.xml", story.format(attributes, more))
        assert list_statuses(source) == [status]


def test_what_was_thrown_away_is_skipped(tmp_path):
    record = {"title": "A", "body": "Words.", "status": "Trashed"}
    (item,) = read_rows(write_file(tmp_path, "a.json", json.dumps([record])))
    assert (type(item), item.why) == (
        SkippedRow,
        "It was thrown away: its source says “status: Trashed”.",
    )


def test_xml_records(tmp_path):
    xml = "<all>" + "".join(
        f"<item state='{state}'><title>A</title><text>Words.</text></item>"
        for state in ("live", "hold")
    )
    assert list_statuses(write_file(tmp_path, "a.xml", f"<?xml version='1.0'?>{xml}</all>")) == [
        ("state: live", True),
        ("state: hold", False),
    ]


@pytest.mark.parametrize(
    ("matter", "status"),
    [
        ("draft: true", ("draft: true", False)),
        ("private: yes", ("private: true", False)),
        ("published: false", ("published: false", False)),
        ("publishDate: 2031-01-01", ("publishDate: a time to come", False)),
        ("expiryDate: 2013-01-01", ("expiryDate: a time that has passed", False)),
        ("published: true", ("published: true", True)),
        ("sitemap: false", ("", True)),
    ],
)
def test_front_matter(tmp_path, matter, status):
    text = f"---\ntitle: A\ndate: 2012-05-03\n{matter}\n---\nWords."
    assert list_statuses(write_file(tmp_path, "a.md", text)) == [status]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"pubstatus": "usable"}, ("pubstatus: usable", True)),
        ({"pubStatus": "stat:withheld"}, ("pubstatus: withheld", False)),
        ({"pubStatus": "http://cv.iptc.org/newscodes/pubstatusg2/usable"}, ("pubstatus: usable", True)),
        ({"embargoed": "2031-01-01T00:00:00Z"}, ("embargoed: a time to come", False)),
        ({"embargoedUntil": "2031-01-01T00:00:00Z"}, ("embargoeduntil: a time to come", False)),
        ({"ednote": "NOT FOR RELEASE before noon"}, ("ednote: NOT FOR RELEASE before noon", False)),
        ({}, ("", True)),
    ],
)  # fmt: skip
def test_ninjs(tmp_path, more, status):
    item = {"uri": "u", "versioncreated": "2012-05-03T09:30:00Z", "headline": "A"}
    item |= {"body_text": "Words."} | more
    assert list_statuses(write_file(tmp_path, "a.json", json.dumps(item))) == [status]


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ('<pubStatus qcode="stat:usable"/>', ("pubStatus: usable", True)),
        ('<pubStatus qcode="stat:canceled"/>', ("pubStatus: canceled", False)),
        ('<pubStatus uri="https://a.example/stat/withheld"/>', ("pubStatus: withheld", False)),
        ("<embargoed>2031-01-01T00:00:00Z</embargoed>", ("embargoed: a time to come", False)),
        ("<embargoed/>", ("embargoed: yes", False)),
        ("<edNote>Embargo: Friday</edNote>", ("edNote: Embargo: Friday", False)),
        ("", ("", True)),
    ],
)
def test_newsml_g2(tmp_path, meta, status):
    text = (
        f'<newsItem guid="u"><itemMeta>{meta}</itemMeta><contentMeta><headline>A</headline>'
        "</contentMeta><contentSet><inlineXML><body.content><p>Words.</p></body.content>"
        "</inlineXML></contentSet></newsItem>"
    )
    assert list_statuses(write_file(tmp_path, "a.xml", text)) == [status]


def test_newsml_1(tmp_path):
    text = (
        '<NewsML><NewsItem><NewsManagement><Status FormalName="Embargoed"/></NewsManagement>'
        "<HeadLine>A</HeadLine><DataContent><p>Words.</p></DataContent></NewsItem></NewsML>"
    )
    assert list_statuses(write_file(tmp_path, "a.xml", text)) == [("Status: Embargoed", False)]


def test_feeds(tmp_path):
    entry = "<entry><title>A</title><content>Words.</content>{}</entry>"
    more = (
        "<app:control><app:draft>yes</app:draft></app:control>",
        "<blogger:status>SCHEDULED</blogger:status>",
        "<blogger:status>LIVE</blogger:status>",
        "<published>2012-05-03T00:00:00Z</published>",
    )
    text = "<feed xmlns:app='a' xmlns:blogger='b'>" + "".join(map(entry.format, more)) + "</feed>"
    assert list_statuses(write_file(tmp_path, "a.atom", text)) == [
        ("draft: yes", False),
        ("status: SCHEDULED", False),
        ("status: LIVE", True),
        ("", True),
    ]


@pytest.mark.parametrize("more", [{"type": "page"}, {"page": 1, "mobiledoc": "{}"}])
def test_a_page_of_ghost_is_a_statement_only_where_the_mapping_takes_pages(tmp_path, more):
    post = {"title": "About us", "html": "<p>Words.</p>", "status": "published"} | more
    source = write_file(tmp_path, "ghost.json", json.dumps({"db": [{"data": {"posts": [post]}}]}))
    (page,) = read_rows(source)
    assert (type(page), page.why) == (
        SkippedRow,
        "It is a page, and no statement (pages = true in the mapping takes pages too).",
    )
    (row,) = read_rows(source, parse_mapping("pages = true"))
    assert (row.headline, row.status.text) == ("About us", "status: published")


def test_a_field_has_the_kind_that_its_name_says():
    assert {name: classify_name(name) for name in ("Post-Status", "dateExpires", "Headline")} == {
        "Post-Status": StatusKind.STATUS,
        "dateExpires": StatusKind.END,
        "Headline": None,
    }

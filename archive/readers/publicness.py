"""Say which values mean public, for every kind of field that can say so.

This is the one table. A value that is in neither column of its kind is a doubt, and the item comes
in as a draft. Names and values are compared without case, accents and separators. The values come
from the documentation of the formats: tests/archive/readers/test_publicness.py names it for each.
"""

from dataclasses import dataclass
from enum import Enum


class StatusKind(Enum):
    """What a field with a status-like name is about."""

    STATUS = "how far the item is on its way to the public"
    ACCESS = "who may read it"
    APPROVAL = "whether somebody agreed to it"
    NEEDED = "true, or a time that has passed, where it is public"
    START = "a time from which it is public; it may be empty"
    BARRING = "true, or a time, where it is not public"
    EMBARGO = "true, or a time until which it is not public"
    END = "a time until which it is public"


@dataclass(frozen=True)
class StatusValues:
    """The values of one kind that are clear, and what an empty field of that kind says."""

    public: frozenset[str]
    not_public: frozenset[str]
    may_be_empty: bool = False


def _split(text: str) -> frozenset[str]:
    return frozenset(" ".join(value.split()) for value in text.split("|"))


TRUE_VALUES = _split("true | yes | y | 1 | on | t | x | ja | oui | si | sim | ie | ydy")
FALSE_VALUES = _split("false | no | n | 0 | off | f | none | nein | non | nao | nej | na | nage")
NO_DATES = _split("0000 00 00 | 0000 00 00 00 00 00 | never | none | no | n a | na | 0 | false")
"""What a source writes where a time is not set."""

PUBLISHED = _split(
    "publish | published | public | live | usable | released | for immediate release"
    " | immediate release | on the website | veroffentlicht | publie | publiee | publicado"
    " | publicada | pubblicato | gepubliceerd | cyhoeddwyd | publicerad | publisert | en ligne"
    " | en linea | منشور"
)
HELD_BACK_ABROAD = (
    "entwurf | nicht veroffentlicht | unveroffentlicht | gesperrt | brouillon | non publie"
    " | non publiee | depublie | hors ligne | sous embargo | borrador | no publicado | despublicado"
    " | bozza | non pubblicato | niet gepubliceerd | nao publicado | rascunho | drafft"
    " | heb ei gyhoeddi | utkast | kladde | ej publicerad | avpublicerad | مسودة | غير منشور"
)
"""What other languages than English write for what is not public."""
UNPUBLISHED = _split(
    "draft | pending | private | future | auto draft | trash | inherit | request pending"
    " | request confirmed | request failed | request completed | pitch | assigned | in progress"
    " | pending review | waiting for feedback | waiting for edit | needs work | needs review"
    " | approved | rejected | deferred | expired | archive | archived | unpublished | password"
    " | scheduled | sent | withheld | canceled | cancelled | embargo | embargoed | hold | on hold"
    " | held | withdrawn | retracted | recalled | removed | killed | spiked | superseded"
    " | submitted | in review | review | under review | reviewed | ready | ready for review"
    " | ready to publish | awaiting review | awaiting approval | awaiting factcheck | amends needed"
    " | fact check | confidential | internal | restricted | hidden | skip | disabled | inactive"
    " | closed | modified | changed | draft changes | queued | queued to publish | staged | new"
    " | created | in edit | editing | work in progress | wip | todo | to do | idea | planned"
    " | preview | not published | not yet published | never published | offline | suspended"
    " | blocked | incomplete | obsolete | discarded | internally published | visible internally"
    " | published internally | published to testers | not for publication | do not publish"
    " | geplant | a relire | pendiente | concept | in prufung | archiviert | en attente"
    " | a valider"
    f" | {HELD_BACK_ABROAD}"
)
OPEN_TO_ALL = _split(
    "public | everyone | everybody | anyone | anybody | all | world | open | free | open access"
    " | tout public | unrestricted | anonymous | guest | publicly visible | externally visible"
)
NOT_OPEN_TO_ALL = _split(
    "private | members | member | paid | tiers | tier | filter | premium | password | protected"
    " | password protected | registered | special | super users | subscribers | subscriber"
    " | paid subscribers | logged in | authenticated | internal | intranet | staff | restricted"
    " | confidential | secret | hidden | unlisted | embargoed | draft | admin | editors | none"
    " | closed access | restricted access | embargoed access | metadata only | not listed | limited"
    " | internally visible | visible internally"
)
AGREED = _split(
    "approved | signed off | cleared | passed | accepted | complete | completed | done | reviewed"
    " | final | not required | not needed"
)
DELETED_VALUES = _split("trash | trashed | deleted | spam")

VALUES_BY_KIND = {
    StatusKind.STATUS: StatusValues(
        PUBLISHED | (TRUE_VALUES - {"1"}), UNPUBLISHED | NOT_OPEN_TO_ALL | FALSE_VALUES
    ),
    StatusKind.ACCESS: StatusValues(
        OPEN_TO_ALL | PUBLISHED | {"true", "yes"},
        NOT_OPEN_TO_ALL | UNPUBLISHED | {"false", "no"},
    ),
    StatusKind.APPROVAL: StatusValues(
        AGREED | PUBLISHED | (TRUE_VALUES - {"1"}), (UNPUBLISHED - AGREED) | FALSE_VALUES
    ),
    StatusKind.NEEDED: StatusValues(
        TRUE_VALUES | PUBLISHED, FALSE_VALUES | UNPUBLISHED | NOT_OPEN_TO_ALL
    ),
    StatusKind.START: StatusValues(
        TRUE_VALUES | PUBLISHED, FALSE_VALUES | UNPUBLISHED, may_be_empty=True
    ),
    StatusKind.BARRING: StatusValues(
        FALSE_VALUES | {"everybody", "everyone", "public"},
        TRUE_VALUES | UNPUBLISHED | NOT_OPEN_TO_ALL,
        may_be_empty=True,
    ),
    StatusKind.EMBARGO: StatusValues(
        FALSE_VALUES | NO_DATES | {"lifted", "no embargo", "not embargoed"},
        TRUE_VALUES | UNPUBLISHED,
        may_be_empty=True,
    ),
    StatusKind.END: StatusValues(
        FALSE_VALUES | NO_DATES, TRUE_VALUES | UNPUBLISHED, may_be_empty=True
    ),
}

NUMBERED_STATUSES = (
    (
        "status",
        "1",
        frozenset("nid vid nodeid langcode promote changed pathalias".split()),
    ),  # Drupal
    ("state", "1", frozenset("publishup publishdown introtext catid".split())),  # Joomla
)
"""Numbers that mean public beside fields of one system: in others 1 is a draft, or denied."""

NAMES_BY_KIND = {
    StatusKind.STATUS: (
        "status state stat pubstatus workflow moderation stage lifecycle statut estado stato statws"
        " zustand etat estatus الحالة"
    ),
    StatusKind.ACCESS: (
        "visibility access privacy accesslevel accessrights security sichtbarkeit zugriff"
        " visibilite visibilidad visibilita"
    ),
    StatusKind.APPROVAL: "approval approved review reviewed signoff signedoff clearance cleared",
    StatusKind.NEEDED: (
        "published public live visible enabled active online posted released available listed"
        " accessibleforfree ready veroffentlicht publie publicado sichtbar"
        " enabledforsite freigabe freigegeben aktiv enligne actif activo attivo visibile"
    ),
    StatusKind.START: (
        "publish publishdate publishup publicationdate pubdate golive releasedate releaseat"
        " releaseon releasetime availablefrom validfrom visiblefrom startpublish startpublishing"
        " miseenligne"
    ),
    StatusKind.BARRING: (
        "draft private unpublished withdrawn withdrawal retracted retraction archived deleted"
        " trashed trash spam hidden confidential protected passwordprotected password haspassword"
        " restricted suppressed onhold held pending internal internalonly membersonly memberonly"
        " subscribersonly paid paywall paywalled premium unlisted disabled inactive blocked"
        " cancelled canceled killed recalled superseded notforpublication donotpublish sensitive"
        " secret staffonly inreview needsreview emailonly removed takedown headless"
        " neverpublish pendingpublish membersaccessrole rcpsubscriptionlevel rcpaccesslevel"
        " newsletteraccess jetpacknewsletteraccess jetpackmembershipscontainspaidcontent"
        " jetpackmembershipscontainspaywalledcontent entwurf brouillon borrador bozza drafft"
        " gesperrt fegroup unpublishedchanges provisionaldraft draftid"
    ),
    StatusKind.EMBARGO: (
        "embargo embargoed sperrfrist sperrfristbis gesperrtbis hold holdfor scheduled"
        " scheduledfor scheduledpublish publishscheduled publishingscheduled"
        " scheduledpublishing scheduledpublication"
    ),
    StatusKind.END: (
        "expiry expires expire expired expiration unpublish unpublishing publishdown depublish"
        " validuntil validto availableuntil visibleuntil publishuntil publishto publishend"
        " endpublish endpublishing stoppublish showuntil removeon kill killdate"
    ),
}
"""Names without separators, and without the words that say no more (NAME_FILLERS, TIME_WORDS)."""

NAME_FILLERS = frozenset(
    "is are was has item post node article content entry page web site website wp cms field press"
    " news record document doc statement story editorial current currently first last original flag"
    " lift lifts under will be".split()
)
TIME_WORDS = frozenset(
    "at on am date dates time datetime timestamp gmt utc until till from to end ends day".split()
)
END_WORDS = frozenset("until till to end ends".split())
"""Last words of times until which something is public: “Visible to”."""
REASON_WORDS = frozenset("by reason notice note notes message explanation".split())
STATUS_ENDINGS = {
    "status": StatusKind.STATUS,
    "state": StatusKind.STATUS,
    "visibility": StatusKind.ACCESS,
}
"""The last word of names such as “workflow_state”, whose other words are unknown."""
APPROVAL_WORDS = frozenset("approval review signoff clearance".split())
OTHER_SUBJECTS = frozenset(
    "comment comments ping http link response crawl scrape fetch download email mail sync payment"
    " order social tweet share seo index indexnow amp thread reply member user author image media"
    " thumbnail job marital us home country city address mailing province location shipping trash"
    " translation import export cache authors creator owner editor category tag organisation"
    " organization speaker uploader".split()
)
"""First words of names that are about something else: “comment_status”."""
WRAPPER_NAMES = frozenset(
    "attributes fields properties _source acf node meta sys system metadata params extra details"
    " content excerpt data article post item story document entry frontmatter front_matter"
    " publishing publication release options settings build".split()
)
"""Objects in a record whose fields are about the item itself."""

HELD_BACK_PHRASE = (
    r"\W*(?:strictly )?(?:embargo(?:ed)?\b(?: until| till|\s*[:–—-])|under embargo|not for "
    r"(?:publication|release|broadcast)|do not (?:publish|release)|hold for release)"
    r"|(?:drafts|versions)\.[\w.-]+$"  # the identifiers of drafts in Sanity
)
MAX_HELD_BACK_CHARS = 40
CREATION_WORDS = frozenset("created creation create authored".split())
"""Words of dates that a draft has as well."""
HELD_BACK_VALUES = _split(
    "draft | embargoed | withdrawn | retracted | confidential | unpublished | pending review"
    " | on hold | not published | strictly embargoed | internal only | for internal use only"
    " | strictly confidential | private and confidential | only paid | only free | founding"
    " | members only | subscribers only | paid subscribers | staff | staff only | employees"
    " | intranet | official sensitive | restricted | hold | embargo | for internal use"
    f" | {HELD_BACK_ABROAD}"
)
"""What is a doubt in a field of any name."""
PUBLISHING_NAME = (
    r"(?:to|be|on|in|the|is|our|for)*(?:show|shown|display|displayed|web|website|site|online"
    r"|internet|issued|released|published|publish)(?:to|on|in|the|our|show|web|website|site|online)*"
)
"""Names such as “Show on website”, whose value is a doubt where it is “no”."""
HELD_BACK_PAIRS = frozenset(
    {
        ("buildrender", "never"),  # Hugo
        ("buildlist", "never"),
        ("permalink", "false"),  # Eleventy
        ("eleventyexcludefromcollections", "true"),
        ("test", "true"),
        ("istest", "true"),
    }
)
"""Settings of other names, with the value that holds an item back."""
HEADLINE_PREFIX = (
    r"\s*(?:(?:private|protected|draft|embargoed|withdrawn|retracted|confidential|unpublished)"
    r"\s*:\s|[\[(](?:private|protected|draft|embargoed|withdrawn|retracted|confidential"
    r"|unpublished)[\])])"
)
"""WordPress writes “Private: ” and “Protected: ” before a headline; people write the others."""
FOLDER_WORDS = frozenset("drafts unpublished embargoed withdrawn deleted trash".split())
FOLDER_NAMES = frozenset(
    "drafts draft unpublished private embargoed embargo withdrawn deleted trash pending"
    " confidential internal hold onhold notforpublication scheduled".split()
)
FILE_NAME_WORD = (
    r"(?<![A-Za-z])(?:DRAFT|EMBARGOED|EMBARGO|WITHDRAWN|CONFIDENTIAL)(?![A-Za-z])|^draft_"
)
"""People write the words in capitals; Medium names its drafts “draft_…”."""

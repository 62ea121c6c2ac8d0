"""Tell whether words can be the name of a person.

Where it is not plain that they can, the answer is no: a name that is not recognised stays in its
line, and a wrong one would put words into somebody's mouth.
"""

import re

HONORIFICS = {
    "cllr", "councillor", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness",
    "baron", "mr", "mrs", "ms", "miss", "mx", "rev", "reverend", "bishop", "rt", "hon", "y", "yr",
    "cyng", "cynghorydd", "athro",
}  # fmt: skip
TITLES_BEFORE_NAMES = HONORIFICS - {"y", "yr"} | {
    "right", "honourable", "rear", "admiral", "general", "major", "captain", "colonel", "sergeant",
    "judge", "justice", "father", "sister", "archbishop", "senator", "viscount", "sheriff",
    "detective", "lieutenant", "corporal", "sgt", "capt", "col", "gen", "pastor", "imam", "rabbi",
    "canon", "dean", "cardinal", "congressman", "congresswoman", "representative", "commander",
    "commodore", "brigadier", "marshal", "superintendent", "duke", "earl", "count",
    "sheikh", "herr", "frau", "monsieur", "madame", "señor", "señora",
}  # fmt: skip
POST_NOMINALS = re.compile(
    r"^(?:[A-Z]{1,3}BE|[A-Z][A-Za-z]*[A-Z]{1,3}|MP|MS|KC|QC|CH|CB)(?: (?:[A-Z]{2,6}))*$"
)
PARTICLES = {
    "de", "da", "di", "du", "dos", "van", "von", "der", "den", "ap", "ab", "ferch", "bin", "ibn",
    "al", "el", "le", "la", "ter", "ten",
}  # fmt: skip
ORGANISATION_WORDS = frozenset(
    """academy action age agency aid airline airlines airport alliance assembly association
    authority bank board bbc bureau campaign cancer centre center charity church club coalition
    college commission committee community companies company concern conference confederation
    congress consortium consultancy corporation corps council councils court cross department
    directorate embassy energy europe executive family fellowship federation force forum
    foundation fund government group guild harbours holdings homes hospital hospitals house
    industries industry inspectorate institute institution insurance international laboratories
    laboratory labour league library limited ltd media ministry museum network nhs office ofcom
    ofgem ofsted ofwat organisation organization parliament partners partnership party plc police
    ports post power press programme project railway regulator research rights school schools
    secretariat senate service services society solutions street syndicate systems taskforce team
    technologies telecom times trade transport treasury tribunal trust unicef union unison unite
    university watch water works worldwide england scotland wales cymru ireland britain uk gb usa
    eu un inc llc gmbh cymdeithas cyngor prifysgol adran llywodraeth gymdeithas""".split()
)
OTHER_WORDS = frozenset(
    """a an the this that these those our my your his her its their he she they we you i it who
    what which as at by for from in into of off on onto to with within without after before during
    while when where why how since until till because although though if unless once and but or
    nor yet so also however meanwhile moreover furthermore today yesterday tomorrow tonight now
    then here there later earlier recently finally again another every each both all any some many
    most no not only just even still more less first second third last next new old young great
    good public local national global royal northern southern eastern western north south east
    west central joint monday tuesday wednesday thursday friday saturday sunday january february
    march july september october november december spring summer autumn winter statement
    statements news release releases report reports review notes note question questions answer
    answers chapter part section figure table photo photograph picture image caption source
    sources video audio key main full response letter speech message messages quote quotes
    quotation comment comments motto title headline summary background contact contacts date time
    page pages act bill law policy plan plans strategy people families children care health
    housing work pensions education skills learning affairs finance justice safety security
    defence culture sport environment food rural business innovation trade development planning
    speaking responding commenting welcoming announcing reacting writing asked added said says
    told whose whom is was are were be been has have had will would can could may might must shall
    should does did minutes hours days weeks months years per cent king queen prince princess
    state kingdom states nations city town village county district borough island river road
    avenue lane square bridge station airport hall park garden gardens day night week month year
    farmer resident author actor actress artist agent private nurse olympian champion
    athlete pilot singer writer journalist teacher doctor student driver builder engineer
    patient tenant witness victim father mother parent neighbour lawyer solicitor barrister
    mission vision values aims aim further information end ends""".split()
) - {"may", "will", "king", "young", "hall", "park", "lane", "day", "bridge", "sport", "night"}
ROLE = re.compile(
    r"\b(?:president|chair(?:man|woman|person)?|chief|director|leader|mayor|minister|secretary"
    r"|spokes(?:person|man|woman)|head|member|commissioner|officer|executive|deputy|conven[eo]r"
    r"|inspector|treasurer|manager|governor|lead|editor|ombudsman|registrar|principal|chancellor"
    r"|ceo|cfo|coo|cto|economist|founder|owner|consul|partner|analyst|scientist|campaigner"
    r"|founder|coordinator|co-ordinator|adviser|advisor|constable|ambassador|attorney|counsel"
    r"|président|présidente|llywydd|is-lywydd|cadeirydd|cyfarwyddwr|prif|gweinidog|arweinydd"
    r"|aelod|llefarydd|comisiynydd)\b",
    re.IGNORECASE,
)
NAME_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\.?)")
CONTRACTION = re.compile(r"[’'](?:s|m|re|ve|ll|d|t)?$")
MAX_CERTAIN_WORDS = 2  # "Mayor’s Aide Bob Sample" may be more than a name; it needs a title then
MAX_NAME_WORDS = 4  # without titles, particles and letters after the name


def split_titles(text: str) -> tuple[list[str], list[str]]:
    """Return the titles before a name, and the other words without letters after it."""
    words = text.replace("(", " ").replace(")", " ").split()
    start = 0
    while start < len(words) and words[start].casefold().strip(".") in TITLES_BEFORE_NAMES:
        start += 1
    end = len(words)
    while end > start + 1 and POST_NOMINALS.match(words[end - 1]):
        end -= 1
    return words[:start], words[start:end]


def is_full_name(text: str) -> bool:
    """Say whether this can only be a first name and a surname, with titles or without."""
    titles, words = split_titles(text)
    is_peer = bool(titles) and "of" in words
    names = [word for word in words if word.casefold() not in PARTICLES]
    if is_peer:
        names.remove("of")
    return 2 <= len(names) <= MAX_NAME_WORDS and all(map(_is_name_word, names))


def is_long_name(name: str) -> bool:
    """Say whether a full name without a title has more words than a first name and a surname."""
    titles, words = split_titles(name)
    names = [word for word in words if word.casefold() not in PARTICLES and not _is_initial(word)]
    return not titles and len(names) > MAX_CERTAIN_WORDS


def _is_initial(word: str) -> bool:
    return len(word.strip(".")) == 1


def is_part_of_name(text: str) -> bool:
    """Say whether this can be a surname or a first name alone, as in “Mr Hill” and “Kim”."""
    _, words = split_titles(text)
    names = [word for word in words if word.casefold() not in PARTICLES]
    return len(names) == 1 and _is_name_word(names[0])


def is_name_without_capitals(text: str) -> bool:
    """Say whether this can be a name in a script that does not mark names, such as Arabic."""
    words = text.split()
    return 1 <= len(words) <= MAX_NAME_WORDS and all(
        word.isalpha() and word.upper() == word.lower() for word in words
    )


def _is_name_word(word: str) -> bool:
    folded = word.casefold().strip(".")
    return (
        NAME_WORD.fullmatch(word) is not None
        and word[0].isupper()
        and not (len(word) > 2 and word.isupper())  # an abbreviation, or a line in capitals
        and not ROLE.fullmatch(word)
        and not CONTRACTION.search(folded)
        and folded not in ORGANISATION_WORDS
        and folded not in OTHER_WORDS
    )

"""The words that tell people, roles and organisations apart: titles, letters after a name, kinds.

One list for everything that reads names: parsing, matching, sorting and search.
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
RANKS = frozenset(
    "sheriff justice judge magistrate captain capt colonel col general gen major maj lieutenant lt "
    "corporal sergeant sgt admiral commander brigadier commodore marshal constable pc inspector "
    "superintendent officer agent senator sen congressman congresswoman representative rep "
    "governor gov president vice chancellor minister secretary deputy mayor alderman ambassador "
    "attorney solicitor director chair chairman chairwoman chairperson chief leader father sister "
    "brother pastor rabbi imam sheikh king queen prince princess duke duchess count countess pope "
    "cardinal archbishop viscount viscountess earl herr frau mme mlle monsieur madame señor "
    "señora sr sra ministre ministro ministra minister ministerin präsident président presidente "
    "spokesman spokeswoman spokesperson detective special".split()
)
"""Before a surname alone they make no full name: Sheriff Johnson, President Model."""
TITLES = HONORIFICS | {"the", "right", "honourable"} | RANKS
TITLES_OF_PEOPLE = frozenset(
    "sir dame lord lady baroness baron viscount viscountess earl cllr councillor dr prof professor "
    "mr mrs ms miss mx rev reverend herr frau mme mlle monsieur madame señor señora sra".split()
)
"""Only people have them: no organisation begins with one."""
TITLES_OF_MEN = {"mr", "sir", "lord", "baron"}
TITLES_OF_WOMEN = {"mrs", "ms", "miss", "dame", "lady", "baroness"}
LETTERS_AFTER_NAME = frozenset(
    "MP MSP MEP KC QC CBE OBE MBE DBE KBE GBE KCB DCB GCB CB KCMG DCMG GCMG CMG CH FRS CVO LVO MVO "
    "KCVO DCVO PhD VR".split()
)
DEGREES = {"PhD", "DPhil", "MSc", "MPhil", "CEng", "Jr", "Jr.", "Sr", "Sr."}
ORGANISATION_WORD = re.compile(
    r"\b(?:agency|authority|office|commission|committee|council|services?|department|ministry"
    r"|board|inspectorate|executive|treasury|museum|university|college|trust|fund|bureau"
    r"|tribunal|court|police|forces?|navy|army|unit|panel|embassy|consulate|mission|government"
    r"|bank|institute|institution|association|society|foundation|union|centre|center|company"
    r"|organi[sz]ation|federation|parliament|assembly|secretariat|directorate|division|registry"
    r"|laboratory|ltd|limited|plc|inc|gmbh|ombudsman|regulator|hospital|school|network|alliance"
    r"|minist[èeé]r\w*|minister[io]\w*|agence|agencia|agenzia|conseil|consejo|consiglio|comisión"
    r"|préfecture|mairie|ayuntamiento|gobierno|université|universidad|università"
    r"|stiftung|verein|kommission|regierung|adran|cyngor|llywodraeth|prifysgol"
    r"|\w*(?:amt|ministerium|behörde|verband|gesellschaft|universität|verwaltung))\b"
    r"|^(?:HM|UK|GB)\b|وزارة|هيئة|مجلس|部$|省$|庁$|局$|委员会$|委員会$",
    re.IGNORECASE,
)

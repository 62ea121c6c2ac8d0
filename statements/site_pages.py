"""The pages about this site: the words that come with the product, and the one way to change them.

The words here say what the product does, and no more: whoever runs it adds what they do.
"""

import datetime as dt
from typing import Any

from django.apps import apps as global_apps
from django.contrib.auth.models import User
from django.db import transaction

from statements.audit.events import write_event
from statements.content import html
from statements.models import Action, SitePage, StaleVersion
from statements.roles import MANAGERS, require_group

DEFAULT_ACCESSIBILITY_HTML = """
<p>We want everybody to be able to read what is on the record here.</p>
<p><strong>How accessible this site is</strong></p>
<p>Its public pages are built to conform with the Web Content Accessibility Guidelines 2.2 at
level AA. You should be able to:</p>
<ul>
<li>read and search everything without JavaScript, by keyboard alone and with a screen
reader;</li>
<li>enlarge the text to 400 per cent, and read in a window of 320 pixels without scrolling
sideways;</li>
<li>read in light or dark, in your own colours, and on paper;</li>
<li>read any statement as plain text: its address ends in .txt.</li>
</ul>
<p>Every kind of page is tested automatically against these guidelines. An automatic test finds
only a part of what can be wrong. No independent audit of this site is named here.</p>
<p><strong>What may not be accessible</strong></p>
<ul>
<li>Documents attached to a statement, such as PDF files, were often made elsewhere, and some may
not work with a screen reader.</li>
<li>Statements brought in from an older site keep the words that they had, links without a telling
name among them.</li>
</ul>
<p><strong>Tell us what does not work</strong></p>
<p>If you cannot read something here, or need it in another form, tell the press contact who is
named beside the statement or on the page of the organisation that published it. Say which page it
is, and how you would like to have it.</p>
<p>Where the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility
Regulations 2018 apply and you are not content with the answer, you can turn to the
<a href="https://www.equalityadvisoryservice.com/">Equality Advisory and Support Service</a>, or
in Northern Ireland to the <a href="https://www.equalityni.org/">Equality Commission for Northern
Ireland</a>.</p>
"""

DEFAULT_PRIVACY_HTML = """
<p>You can read everything here without telling us who you are.</p>
<p><strong>When you read</strong></p>
<ul>
<li>The public pages set no cookie and keep nothing in your browser but the pages themselves.</li>
<li>They load nothing from other sites, and nothing in them counts or follows readers. The links
for sharing are plain links.</li>
<li>What you search for is part of the address of the page with the answers. It is not kept with
your name.</li>
<li>Words that you paste to check a quotation are compared with the record, and not kept.</li>
<li>As with any site, the server receives the network address of your computer, the page that you
ask for, and the name of your browser. Those who run this site may keep that for a time in the log
of their server, to find faults and to fend off attacks.</li>
</ul>
<p><strong>When you are named in a statement</strong></p>
<p>What was said, by whom, in which role and when is published as a public record, and kept so
that it can be looked up. If something about you is wrong, or should not be here, tell the press
contact named beside the statement. It can be corrected or withdrawn, and words can be erased
where the law asks for it.</p>
<p><strong>When you are asked to agree to a statement</strong></p>
<p>Whoever is sent a link to words that are not published yet: your name, whom you speak for, the
times at which the link was opened, and your answer are kept with the statement, and only the
press office sees them.</p>
<p><strong>When you work here</strong></p>
<p>Those who write and approve statements sign in with an account. The cookies that this needs are
set on the pages of the press office alone, and a session ends at the latest after twelve hours.
Who did what with a statement, and when, is kept as part of the record.</p>
<p><strong>Your rights</strong></p>
<p>Where data protection law applies, you may ask to see what is held about you, and to have it
corrected. Turn to the organisation that published the statement: its press contact is named on
its page.</p>
"""

DEFAULT_HTML = {
    SitePage.Name.ACCESSIBILITY: DEFAULT_ACCESSIBILITY_HTML,
    SitePage.Name.PRIVACY: DEFAULT_PRIVACY_HTML,
}


def get_page_html(page: SitePage) -> str:
    """Its own words; while it has none, those that come with the product."""
    return page.body or "\n".join(html.clean_blocks(DEFAULT_HTML[SitePage.Name(page.name)]))


@transaction.atomic
def update_page(
    page: SitePage, body: str, *, by: User, at: dt.datetime, seen_at: dt.datetime | None
) -> SitePage:
    """Put these words on the page, at once and for everybody; the event keeps them for good.

    No words bring back those of the product. Raises Stale if somebody changed it after seen_at.
    """
    require_group(by, MANAGERS, "change a page about this site")
    page = SitePage.objects.select_for_update().get(pk=page.pk)
    if page.changed_at != seen_at:
        raise StaleVersion(
            "Somebody changed this page after you opened it. Look at theirs, then save."
        )
    page.body = "\n".join(html.clean_blocks(body))
    page.changed_by, page.changed_at = by, at
    page.save(update_fields=["body", "changed_at", "changed_by"])
    write_event(
        None,
        Action.PAGE_CHANGED,
        by=by,
        at=at,
        note=f"The page on {page.get_name_display().lower()}.",
        detail={"page": page.name, "body": page.body},
    )
    return page


def create_pages(sender, using: str, apps=global_apps, **kwargs: Any) -> None:
    """See that every page is there to be edited. Runs after every migrate, backwards too."""
    try:
        model = apps.get_model("statements", "SitePage")
    except LookupError:
        return
    for name in SitePage.Name.values:
        model.objects.using(using).get_or_create(name=name)

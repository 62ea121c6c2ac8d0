"""The seven steps of setting up, which managers see on the dashboard until all are done.

Each step is read from the data. Its link opens the page with what is known filled in, and that page
comes back to the dashboard (`return_to_steps`), which says what is next.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from organisations.models import Contact, Organisation, Speaker
from statements.models import Action, Event, is_confirmed
from statements.newsdesk.first_statement import describe_first_statement
from statements.newsdesk.user_names import find_colleagues, get_display_name
from statements.publicness import released_by
from statements.roles import AUTHOR, EDITOR, EDITORS

PARAMETER = "set_up"
"""In the query of a page that a step leads to."""
MAX_NAMES = 3


@dataclass
class FirstRunStep:
    key: str
    title: str
    text: str
    is_done: bool = False
    button: str = ""
    url: str = ""
    is_next: bool = False
    done_label: str = field(default_factory=lambda: _("Done"))


@dataclass
class FirstRun:
    steps: list[FirstRunStep]

    @property
    def is_new(self) -> bool:
        """Whether nothing is public yet, so that the lists of the dashboard have little to say."""
        return not self.steps[-1].is_done

    @property
    def number_done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next_step(self) -> FirstRunStep | None:
        return next((step for step in self.steps if step.is_next), None)


def load_first_run(user: User, at: dt.datetime) -> FirstRun | None:
    """Return the steps, or None once all are done. One query if they are."""
    facts = _read_facts(user, at)
    if all(facts[key] for key in facts if key != "imported"):
        return None
    steps = [
        _describe_account(),
        _describe_organisation(facts["organisation"]),
        _describe_contact(facts["contact"]),
        _describe_speakers(facts["speakers"]),
        _describe_colleagues(user, is_done=facts["colleagues"]),
        _describe_import(facts["import"], has_imported=facts["imported"]),
        _describe_statement(user, is_done=facts["statement"]),
    ]
    todo = [step for step in steps if not step.is_done and step.key != "import"]
    if todo:
        todo[0].is_next = True
    return FirstRun(steps)


def _read_facts(user: User, at: dt.datetime) -> dict[str, bool]:
    """Return which steps are done. Each of them is found by an index, in an archive of any size."""
    published = Event.objects.filter(
        released_by(at, "edition__"), action__in=[Action.APPROVED, Action.PUBLISHED_URGENTLY]
    )
    row = User.objects.filter(pk=user.pk).values(
        organisation=Exists(Organisation.objects.filter(is_confirmed(), publishes=True)),
        contact=Exists(Contact.objects.filter(organisation__publishes=True)),
        speakers=Exists(Speaker.objects.filter(is_confirmed())),
        colleagues=Exists(find_colleagues(user)),
        imported=Exists(Event.objects.filter(action=Action.IMPORTED)),
        statement=Exists(published),
    )
    facts: dict[str, Any] = {**row.get()}
    # Nothing to bring is an answer too: who publishes a first statement has gone past this step.
    facts["import"] = facts["imported"] or facts["statement"]
    return facts


# --- The steps ------------------------------------------------------------------------------------


def _describe_account() -> FirstRunStep:
    text = _("You are the manager of this newsdesk.")
    return FirstRunStep("account", _("Create your account"), text, is_done=True)


def _describe_organisation(is_done: bool) -> FirstRunStep:
    text = _("It publishes your statements. You can add its press contact on the same page.")
    if is_done:
        organisation = Organisation.objects.filter(is_confirmed(), publishes=True).earliest("pk")
        text = _("%(name)s. It can publish statements.") % {"name": organisation}
    return FirstRunStep(
        "organisation",
        _("Add your organisation"),
        text,
        is_done,
        _("Add organisation"),
        _build_url("organisations_organisation_add", "organisation", publishes=1),
    )


def _describe_contact(is_done: bool) -> FirstRunStep:
    text = _(
        "Journalists see a name, a phone number and an out-of-hours number on every statement. New "
        "statements use it unless you choose another."
    )
    if is_done:
        contact = Contact.objects.filter(organisation__publishes=True).earliest("pk")
        text = _("Journalists reach %(name)s.") % {"name": contact.name}
    publishers = Organisation.objects.filter(publishes=True).order_by("pk")
    pk = publishers.values_list("pk", flat=True).first()
    known: dict[str, Any] = {"organisation": pk} if pk else {}
    return FirstRunStep(
        "contact",
        _("Add a press contact"),
        text,
        is_done,
        _("Add contact"),
        _build_url("organisations_contact_add", "contact", is_default=1, **known),
    )


def _describe_speakers(is_done: bool) -> FirstRunStep:
    text = _(
        "For each person, give their role and its dates. The newsdesk then writes “Rajan Mehta, "
        "President of the Institute, said:” for you."
    )
    if is_done:
        names = Speaker.objects.filter(is_confirmed()).order_by("pk")[:MAX_NAMES]
        text = _("You can quote %(names)s.") % {"names": _join(map(str, names))}
    return FirstRunStep(
        "speakers",
        _("Add the people you quote"),
        text,
        is_done,
        _("Add a speaker"),
        _build_url("organisations_speaker_add", "speakers"),
    )


def _describe_colleagues(user: User, *, is_done: bool) -> FirstRunStep:
    text = _(
        "Two people agree before anything is published: one writes, another approves. So you need "
        "at least two accounts. On your own you can only publish urgently."
    )
    others = find_colleagues(user)
    if is_done:
        names = map(get_display_name, others[:MAX_NAMES])
        text = _("%(names)s can work here with you.") % {"names": _join(names)}
    missing = AUTHOR if others.filter(groups__name__in=EDITORS).exists() else EDITOR
    return FirstRunStep(
        "colleagues",
        _("Invite an author and an editor"),
        text,
        is_done,
        _("Invite people"),
        _build_url(
            "auth_user_add", "colleagues", groups=Group.objects.values("pk").get(name=missing)["pk"]
        ),
    )


def _describe_import(is_done: bool, *, has_imported: bool) -> FirstRunStep:
    title = _("Bring your existing statements")
    if has_imported:
        return FirstRunStep("import", title, _("Your first import is here."), is_done)
    if is_done:
        text = _("You can import at any time, under Set up.")
        return FirstRunStep("import", title, text, is_done, done_label=_("Not needed"))
    text = _(
        "If you have any: from WordPress, a spreadsheet, a feed or a folder of Word files. You "
        "check a report first; nothing is published until you say so."
    )
    return FirstRunStep("import", title, text, is_done, _("Import"), reverse("imports:index"))


def _describe_statement(user: User, *, is_done: bool) -> FirstRunStep:
    title = _("Publish your first statement")
    if is_done:
        return FirstRunStep("statement", title, _("Your first statement is published."), True)
    words = describe_first_statement(user)
    return FirstRunStep("statement", title, words["text"], button=words["button"], url=words["url"])


def _build_url(name: str, step: str, **known: Any) -> str:
    return f"{reverse(f'admin:{name}')}?{urlencode({**known, PARAMETER: step})}"


def _join(names: Any) -> str:
    """Return names as a list in words: “A, B and C”."""
    *first, last = names
    if not first:
        return str(last)
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


# --- Coming back ----------------------------------------------------------------------------------


def is_step(request: HttpRequest) -> bool:
    """Return whether a step of setting up led to this page."""
    return PARAMETER in request.GET


def return_to_steps(request: HttpRequest, row: Any, user: User, at: dt.datetime) -> HttpResponse:
    """Say that a row is saved and what is next, and lead back to the steps, or to another row."""
    name = get_display_name(row) if isinstance(row, User) else row
    if "_addanother" in request.POST:
        messages.success(request, _("Saved: %(name)s. Add another.") % {"name": name})
        return HttpResponseRedirect(request.get_full_path())
    first_run = load_first_run(user, at)
    if first_run is None or first_run.next_step is None:
        messages.success(request, _("Saved: %(name)s.") % {"name": name})
    else:
        words = {"name": name, "step": first_run.next_step.title}
        messages.success(request, _("Saved: %(name)s. Next: %(step)s.") % words)
    return HttpResponseRedirect(reverse("admin:index"))

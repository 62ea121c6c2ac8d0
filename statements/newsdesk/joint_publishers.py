"""Choose the organisations that publish a statement together with its first publisher."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from statements.models import JointPublisher, Statement
from statements.newsdesk.row_choices import RowsField


class JointPublishersField(RowsField):
    """Further publishers, among those organisations that publish."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            Organisation.objects.filter(publishes=True),
            required=False,
            label=_("Published together with"),
            help_text=_("For a joint statement. The page names each of them, with its contact."),
        )


def list_chosen(statement: Statement) -> list[int]:
    """Return the ids of the further publishers, in their order."""
    if not statement.pk:
        return []
    return list(statement.joint_publishers.values_list("organisation", flat=True))


def order_publishers(statement: Statement, chosen: Iterable[Organisation]) -> list[Organisation]:
    """Return those chosen, the former ones in their order and then the new ones."""
    former = list_chosen(statement)
    others = [named for named in chosen if named.pk != statement.organisation_id]
    place = {pk: number for number, pk in enumerate(former)}
    return sorted(others, key=lambda named: place.get(named.pk, len(former)))


def save_joint_publishers(statement: Statement, chosen: Iterable[Organisation]) -> None:
    """Store who publishes the statement beside its first publisher."""
    publishers = order_publishers(statement, chosen)
    statement.joint_publishers.exclude(organisation__in=publishers).delete()
    for position, organisation in enumerate(publishers):
        JointPublisher.objects.update_or_create(
            statement=statement, organisation=organisation, defaults={"position": position}
        )


def offer_joint_publishers(form: Any) -> None:
    """Let the form offer them; a site with one publisher has nobody to choose."""
    field, chosen = form.fields["joint_publishers"], list_chosen(form.instance)
    if not chosen and field.queryset.count() < 2:
        del form.fields["joint_publishers"]
        return
    field.queryset = field.queryset | Organisation.objects.filter(pk__in=chosen)
    form.initial["joint_publishers"] = chosen

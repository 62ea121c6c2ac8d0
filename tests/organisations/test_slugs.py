"""Test that a former slug leads to its owner and that nobody else can take it."""

import pytest
from django.core.exceptions import ValidationError

from organisations.models import Organisation, Speaker
from statements.models import Theme

pytestmark = pytest.mark.django_db
every_owner = pytest.mark.parametrize("model", [Organisation, Speaker, Theme])


@every_owner
def test_a_changed_slug_is_kept(model):
    owner = model.objects.create(name="Hill", slug="hill")
    owner.slug = "dave-hill"
    owner.save()
    assert list(owner.former_slugs.values_list("slug", "merged")) == [("hill", None)]


@every_owner
def test_a_slug_in_use_again_is_no_longer_a_former_one(model):
    owner = model.objects.create(name="Hill", slug="hill")
    for slug in ("dave-hill", "hill"):
        owner.slug = slug
        owner.save()
    assert list(owner.former_slugs.values_list("slug", flat=True)) == ["dave-hill"]


@every_owner
def test_nobody_else_can_take_a_former_slug(model):
    owner = model.objects.create(name="Hill", slug="hill")
    owner.slug = "dave-hill"
    owner.save()
    with pytest.raises(ValidationError) as refused:
        model(name="Another", slug="hill").full_clean()
    assert refused.value.message_dict["slug"] == [
        f"“hill” was the address of another {model.__name__.lower()}, and still leads there."
    ]
    owner.slug = "hill"
    owner.full_clean()

"""What people set up for themselves on the newsdesk: saved views, and a calendar feed."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


class SavedView(models.Model):
    """The filters and search of the list of statements that one person gave a name. Mutable."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="The query string of the list.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="savedview_user_name_uniq",
                violation_error_message=_lazy("You already have a view with this name."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="savedview_name_check",
                violation_error_message=_lazy("Give the view a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarFeedManager(models.Manager["CalendarFeed"]):
    def create_key(self, user: User) -> str:
        """Return a new key of 256 random bits for this person; the one before ends."""
        key = secrets.token_urlsafe(32)
        self.update_or_create(user=user, defaults={"key_hash": _hash_key(key)})
        return key

    def find_user(self, key: str) -> User | None:
        """Return whose feed this key opens.

        The lookup is by hash: its duration says nothing about a key that is nearly right.
        """
        row = self.select_related("user").filter(key_hash=_hash_key(key)).first()
        return row.user if row else None


def _hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class CalendarFeed(models.Model):
    """SHA-256 of the key that opens one person’s calendar feed. Mutable; deleted to revoke it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    objects = CalendarFeedManager()

    def __str__(self) -> str:
        return _("Calendar feed of %(user)s") % {"user": self.user}


class CalendarSetting(models.Model):
    """What calendar feeds show, for the whole site. One row at most; a manager changes it."""

    shows_titles = models.BooleanField(_lazy("show headlines in calendar feeds"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="calendarsetting_id_check",
                violation_error_message=_lazy("There is one calendar setting."),
            )
        ]

    def __str__(self) -> str:
        return _("Calendar feeds")

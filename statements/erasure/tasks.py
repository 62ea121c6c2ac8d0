"""Let the worker finish an erasure: delete what is left of files, and rewrite the database."""

from django_tasks import task

from statements.erasure import remnants
from statements.files import storage
from statements.models import Edition
from statements.related import term_vectors


@task()
def rewrite_database() -> None:
    """Remove erased words from free space, logs and statistics. Safe to run twice."""
    storage.delete_erased_bytes()
    # Of an edition that was just being compared with others when it was erased.
    term_vectors.delete_vectors(Edition.objects.filter(erased_at__isnull=False, gist__isnull=False))
    remnants.rewrite()

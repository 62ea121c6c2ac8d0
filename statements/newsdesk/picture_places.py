"""Pictures that stand between the passages: which row of files each place shows.

A picture is a row of the files, with what is printed beside it. Its place is a row of the passages,
which names that row: by its key, or by the prefix of its form while it is not saved.
"""

from typing import Any

from statements.newsdesk.ordered_formset import is_marked_for_deletion
from statements.newsdesk.passage_form import BlockKind


def place_pictures(passages: Any, files: Any) -> None:
    """Give each place its picture, after validation; a place without one goes at the save."""
    rows = index_rows(files)
    taken = set()
    for place in passages.forms:
        if getattr(place, "cleaned_data", {}).get("kind") != BlockKind.PICTURE:
            continue
        row = rows.get(place.cleaned_data.get("shows", ""))
        has_picture = row is not None and row.prefix not in taken and _shows_picture(row)
        place.instance.picture = row.instance if has_picture and row else None
        place.lacks_picture = not has_picture
        taken.add(row.prefix if row else "")
    passages.decide_deletions_again()


def _shows_picture(row: Any) -> bool:
    file = row.instance.file if row.instance.file_id else None
    return bool(file and file.is_picture and not is_marked_for_deletion(row))


def index_rows(files: Any) -> dict[str, Any]:
    """Return the forms of the files by their prefixes and by the keys of their rows."""
    rows = {form.prefix: form for form in files.forms}
    return rows | {str(form.instance.pk): form for form in files.forms if form.instance.pk}

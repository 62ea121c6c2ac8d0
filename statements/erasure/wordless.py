"""Columns that can hold text, and hold no words of a statement: for each, the reason."""

from statements.erasure.place import Wordless

WORDLESS = [
    Wordless(
        {
            "statements.Statement": "kind language amendment",
            "statements.Edition": "kind language amendment state rule contributors",
            "statements.Withdrawal": "kind",
            "statements.Event": "action",
            "statements.EventText": "key",
            "statements.SwitchedOffMail": "kind",
            "statements.SentReminder": "message",
            "django_tasks_database.DBTaskResult": "status",
        },
        "It is one of the codes that the program knows, or a list of ids.",
    ),
    Wordless(
        {
            "statements.Edition": "digest",
            "statements.Event": "digest previous_hash hash signature key_id",
            "statements.Seal": "document signature key_id timestamp",
            "statements.SealedEdition": "leaf",
            "statements.SignOff": "digest",
        },
        "It is a hash over a random salt, which is erased with the content; or a signature of one.",
    ),
    Wordless(
        {
            "statements.Passage": "block_id",
            "statements.Remark": "block_id",
            "statements.StoredFile": "path content_type",
            "statements.Autosave": "key",
            "statements.PreviewToken": "token_hash",
            "statements.CalendarFeed": "key_hash",
        },
        "It is random, or one of the types that the program knows.",
    ),
    Wordless(
        {
            "statements.PreviewLink": "name on_behalf_of",
            "statements.SignOff": "name on_behalf_of",
            "statements.Remark": "by_name",
            "statements.Event": "by_name",
        },
        "It names a person who read or decided, which the record keeps.",
    ),
    Wordless(
        {"statements.Event": "detail"},
        "It holds ids, codes, times and hashes, and no words.",
    ),
    Wordless(
        {
            "organisations.Organisation": (
                "name short_name name_in_text slug website boilerplate reuse_terms"
            ),
            "organisations.FormerOrganisationSlug": "slug",
            "organisations.Speaker": "name slug sorted_under biography given_key family_key",
            "organisations.FormerSpeakerSlug": "slug",
            "organisations.Appointment": "role",
            "organisations.Contact": "name email phone out_of_hours_phone",
            "statements.Theme": "name slug description",
            "statements.FormerThemeSlug": "slug",
            "statements.SensitivePeriod": "name guidance",
            "statements.SitePage": "name body",
            "statements.StyleRule": "avoid use why",
        },
        "It is a record of its own, which belongs to no statement and has a page to change it.",
    ),
    Wordless(
        {
            "auth.User": "password username first_name last_name email",
            "auth.Group": "name",
            "auth.Permission": "name codename",
            "contenttypes.ContentType": "app_label model",
            "sessions.Session": "session_key",
        },
        "It is about accounts.",
    ),
    Wordless(
        {
            "axes.AccessAttempt": "user_agent ip_address username http_accept path_info",
            "axes.AccessFailureLog": "user_agent ip_address username http_accept path_info",
            "axes.AccessLog": "user_agent ip_address username http_accept path_info session_hash",
        },
        "It is about somebody who signs in, and only the sign-in page writes it.",
    ),
    Wordless(
        {
            "django_tasks_database.DBTaskResult": (
                "args_kwargs task_path worker_ids queue_name backend_name return_value "
                "exception_class_path"
            ),
        },
        "Tasks are given ids and names of e-mail templates, and return nothing.",
    ),
    Wordless({"admin.LogEntry": "object_id"}, "It is an id."),
    Wordless(
        {"taggit.Tag": "name slug"},
        "Nothing uses this table: themes are tags of our own.",
    ),
]

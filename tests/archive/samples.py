"""Small sources such as old sites give them, written to a folder."""

import json
from pathlib import Path

from archive.approval import approve_import, record_dry_run
from archive.import_source import load_source
from archive.importer import Importer
from archive.mapping import Mapping
from archive.models import ImportDryRun
from archive.report import Report

WXR_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old site</title><link>https://old.example.org</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login>jo</wp:author_login><wp:author_display_name><![CDATA[Jo Fox]]></wp:author_display_name></wp:author>
"""
WXR_FOOT = "</channel></rss>"


def make_wordpress_post(
    number: int, title: str, body: str, *, status="publish", sort="post", more=""
) -> str:
    day = f"2012-05-{number:02}"
    return f"""<item><title>{title}</title><link>https://old.example.org/2012/05/post-{number}/</link>
<dc:creator>jo</dc:creator><guid isPermaLink="false">https://old.example.org/?p={number}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{day} 09:30:00</wp:post_date>
<wp:post_date_gmt>{day} 08:30:00</wp:post_date_gmt><wp:status>{status}</wp:status>
<wp:post_type>{sort}</wp:post_type>{more}</item>
"""


def write_file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def write_wxr(folder: Path, *items: str, name: str = "old.xml") -> Path:
    return write_file(folder, name, WXR_HEAD + "".join(items) + WXR_FOOT)


def write_json_lines(folder: Path, *records: dict, name: str = "old.jsonl") -> Path:
    return write_file(folder, name, "".join(json.dumps(one) + "\n" for one in records))


def make_record(number: int, **fields) -> dict:
    return {
        "id": f"https://old.example.org/news/{number}",
        "title": f"Statement {number}",
        "date": f"2015-03-{number:02}T10:00:00+00:00",
        "url": f"https://old.example.org/news/{number}",
        "body": f"<p>These are the words of number {number}.</p>",
    } | fields


def make_dry_run(*sources: Path, at) -> ImportDryRun:
    """A dry run of these sources, by the mapping that is guessed."""
    source = load_source(sources, Mapping())
    with Report() as report:
        importer = Importer(source, report, at)
        for _ in importer.process_rows():
            pass
    return record_dry_run(source, importer.outcomes, at=at)


def approve_dry_run(*sources: Path, by, at) -> ImportDryRun:
    dry_run = make_dry_run(*sources, at=at)
    approve_import(dry_run.digest, by=by, at=at)
    return dry_run

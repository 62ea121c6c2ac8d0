"""A file, a folder or a zip, and what comes of those that are broken."""

import io
import random
import zipfile

from archive.readers.row import UnreadableSource
from archive.readers.source import READ_ERRORS, compute_digest, find_files


def test_whatever_bytes_of_a_zip_are_wrong_it_is_read_or_told(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", '{"id": 1}\n' * 50)
        archive.writestr("été/b.csv", "a,b,c\n" * 40)
    chance, path, told = random.Random(7), tmp_path / "old.zip", 0
    for _ in range(400):
        data = bytearray(whole.getvalue())
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            for file in find_files(path).files:
                assert len(compute_digest(file)) == 64
                file.read(1000)
        except (UnreadableSource, *READ_ERRORS):
            told += 1
    assert 0 < told < 400

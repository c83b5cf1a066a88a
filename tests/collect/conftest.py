"""What the tests of reading share: invented tweets, a key, and an ingest in a folder of its own."""

import json

import pandas as pd
import pytest

from analysis.collect.ingesting import ingest

FIRST = 919659437487030272


class Tweets:
    """Invented tweets in the shape of v1.1, with what matters here."""

    @staticmethod
    def id(number):
        return str(FIRST + number * 2**22)

    def __call__(self, number=0, **more):
        post = self.id(number)
        user = {"id": number + 1, "id_str": str(number + 1), "screen_name": f"invented_{number:07d}"}
        about = {"created_at": "Sun Oct 15 20:21:11 +0000 2017", "id": int(post), "id_str": post, "user": user}
        text = f"An invented post, number {number}. #MeToo"
        return {**about, "full_text": text, "lang": "en", "retweet_count": 1, "favorite_count": 2, **more}

    @staticmethod
    def lines(*records):
        return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


@pytest.fixture(scope="session")
def tweet():
    return Tweets()


@pytest.fixture
def key(tmp_path, monkeypatch):
    """A key that only its owner can read, in the place where one is kept by default."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    path = tmp_path / "settings" / "hashtag-notebooks" / "key"
    path.parent.mkdir(parents=True)
    path.write_text("ab" * 32)
    path.chmod(0o600)
    return path


@pytest.fixture
def take(tmp_path, key):
    """Ingest some content; the report and the posts."""

    def take(content, out="posts.parquet", **options):
        path = tmp_path / "given"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = ingest(path, tmp_path / out, **{"key_file": key, **options})
        return report, pd.read_parquet(tmp_path / out)

    return take

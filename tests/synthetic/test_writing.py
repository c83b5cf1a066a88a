"""A corpus is written whole or not at all, and the same however it is cut into chunks."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from hashlib import sha256

import pandas as pd
import pytest

from analysis.posts import save_posts
from analysis.schema import InputError
from analysis.synthetic import generate, invent, invent_to


def as_bytes(posts, truth, folder):
    save_posts(posts, folder / "p.csv")
    return (folder / "p.csv").read_bytes(), truth.to_csv(index=False, lineterminator="\n").encode()


@pytest.mark.parametrize(("chunk", "processes"), [(137, 1), (1_000, 2)])
def test_streamed_in_chunks_of_any_size_it_is_the_same(small, tmp_path, chunk, processes):
    planted = invent_to(tmp_path / "out", 3_000, 2, chunk=chunk, processes=processes)
    found = tuple((tmp_path / "out" / name).read_bytes() for name in ("posts.csv", "truth.csv"))
    assert found == as_bytes(*small, tmp_path)
    assert planted["rows"] == len(small[0])
    assert [planted["sha256_posts"], planted["sha256_truth"]] == [sha256(data).hexdigest() for data in found]
    record = pd.read_csv(tmp_path / "out" / "planted.csv", index_col="name", dtype="str")["value"]
    assert record["sha256_posts"] == planted["sha256_posts"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["planted.csv", "posts.csv", "truth.csv"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"posts": 10**9}, "to 100000000"),
        ({"start": "2079-01-01", "days": 900}, "July 2080"),
        ({"start": "9" * 30}, "start is '999"),
        ({"stances": {"bare": float("nan"), "news": 30}}, "the share of bare is nan"),
        ({"stances": ["bare"]}, "stances are ['bare']"),
        ({"posts": 2.5}, "whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"start": "2009-01-01"}, "2010-11-05"),
        ({"theme": "war"}, "no theme 'war'"),
        ({"stances": {"bare": 30, "news": 30}}, "add up to 60"),
        ({"stances": {"fury": 100}}, "no stance is called fury"),
    ],
)
def test_impossible_arguments_are_refused_in_one_line(arguments, words, tmp_path):
    for refused in (lambda: invent(**arguments), lambda: invent_to(tmp_path / "out", **arguments)):
        with pytest.raises(InputError, match=re.escape(words)) as caught:
            refused()
        assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.skipif(os.name == "nt", reason="these are POSIX signals")
@pytest.mark.parametrize(("number", "group"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_an_interrupted_command_ends_at_once_and_leaves_what_was_there(tmp_path, number, group):
    for name in ("posts.csv", "planted.csv"):
        (tmp_path / name).write_text("old")
    process = started(tmp_path, ".invent-*/posts.csv")
    (os.killpg if group else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert said.splitlines() == ["interrupted; nothing of it was kept"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["planted.csv", "posts.csv"]
    assert (tmp_path / "posts.csv").read_text() == "old"
    with pytest.raises(ProcessLookupError):  # no process of the group is left
        for _ in range(100):
            os.killpg(process.pid, 0)
            time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="these are POSIX signals and locks")
def test_what_a_killed_command_left_is_swept_by_the_next_one_alone(tmp_path):
    process = started(tmp_path, ".invent-*")
    with pytest.raises(InputError, match="another call is writing there"):
        invent_to(tmp_path, 100)
    assert list(tmp_path.glob(".invent-*"))
    process.kill()
    process.communicate(timeout=20)
    (tmp_path / ".invent-notes").mkdir()
    invent_to(tmp_path, 100)
    kept = [".invent-notes", "planted.csv", "posts.csv", "truth.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def started(folder, moment):
    """Start a call that takes seconds yet in a group of its own, and wait until there is what `moment` matches."""
    command = [sys.executable, "-m", "analysis", "invent", "--posts", "60000", "--out", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not list(folder.glob(moment)):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_or_an_interrupt_leaves_no_half_file(tmp_path, monkeypatch, error):
    written = []

    def fail(*arguments):
        if written:
            raise error
        written.append(True)
        return b"a\n1\n", b"a\n1\n"

    monkeypatch.setattr(generate, "_bytes", fail)
    for name in ("posts.csv", "planted.csv"):
        (tmp_path / name).write_text("old")
    expected = InputError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected, match=r"No space left on device; nothing was kept|^$"):
        invent_to(tmp_path, 500, chunk=100)
    assert written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["planted.csv", "posts.csv"]
    assert (tmp_path / "posts.csv").read_text() == "old"

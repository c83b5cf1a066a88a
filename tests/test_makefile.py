"""What a reader hands to make reaches the program as it was written: neither make nor the shell runs any of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOSTILE = [
    "a`touch made`b",
    "a$(touch made)b",
    "a$(shell touch made)b",
    "${shell touch made}",
    'a"; touch made; "b',
    "a'; touch made; 'b",
    "a; touch made",
    "a && touch made #",
    "a\ntouch made",
    "a\\",
    "my $HOME file, 50% (new).csv",
    "-n",
]


@pytest.fixture
def make(tmp_path):
    """Give a function that calls make where a program that writes its arguments down stands for Python."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    program = tmp_path / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    code = "import json, pathlib, sys; pathlib.Path('told.json').write_text(json.dumps(sys.argv[1:]))"
    program.write_text(f"#!{sys.executable} -S\n{code}\n")
    program.chmod(0o700)
    for name in ("requirements.lock", "pyproject.toml", ".venv/ready"):  # the set-up is done: its stamp is the newest
        (tmp_path / name).touch()
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}

    def call(*arguments):
        done = subprocess.run(
            ["make", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        told = tmp_path / "told.json"
        return done, json.loads(told.read_text()) if told.exists() else None, (tmp_path / "made").exists()

    return call


@pytest.mark.parametrize("value", HOSTILE)
def test_no_setting_is_run_as_a_command(make, value):
    settings = [f"{name}={value}" for name in ("DATA", "LESSON", "OUT", "ADVANCED")]
    for dry in (["-n"], []):
        done, told, made = make("run", *settings, *dry)
        assert (done.returncode, made) == (0, False), done.stderr
    assert told == ["-m", "analysis", "run", f"--data={value}", f"--lesson={value}", "--advanced", f"--out={value}"]


def test_settings_that_are_left_out_are_not_handed_on(make):
    assert make("run")[1] == ["-m", "analysis", "run", "--out=results"]
    told = make("run", "DATA=my posts.csv", "LESSON=03", "OUT=here")[1]
    assert told == ["-m", "analysis", "run", "--data=my posts.csv", "--lesson=03", "--out=here"]

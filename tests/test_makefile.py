"""What a reader hands to make reaches the program as it was written: neither make nor the shell runs any of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOSTILE = ["a`touch made`b", "a$(shell touch made)b", 'a"; touch made; "b', "a'; touch made; 'b", "a && touch made #"]
HOSTILE += ["a\ntouch made", "a\\", "my $HOME file, 50% (new).csv", "-n"]


@pytest.fixture
def make(tmp_path):
    """Give a function that calls make where a program that writes its arguments down stands for Python."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    program, told = tmp_path / ".venv" / "bin" / "python", tmp_path / "told.json"
    program.parent.mkdir(parents=True)
    code = "import json, pathlib, sys; pathlib.Path('told.json').write_text(json.dumps(sys.argv[1:]))"
    program.write_text(f"#!{sys.executable} -S\n{code}\n")
    program.chmod(0o700)
    for name in ("requirements.lock", "pyproject.toml", ".venv/ready"):  # the set-up is done: its stamp is the newest
        (tmp_path / name).touch()
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}

    def call(*arguments):
        done = subprocess.run(["make", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, (tmp_path / "made").exists()) == (0, False), done.stderr
        return json.loads(told.read_text()) if told.exists() else None

    return call


@pytest.mark.parametrize("value", HOSTILE)
def test_no_setting_is_run_as_a_command(make, value):
    settings = [f"{name}={value}" for name in ("DATA", "LESSON", "OUT", "ADVANCED")]
    assert make("run", *settings, "-n") is None
    assert make("run") == ["-m", "analysis", "run", "--out=results"]
    told = ["-m", "analysis", "run", f"--data={value}", f"--lesson={value}", "--advanced", f"--out={value}"]
    assert make("run", *settings) == told

"""What a run makes of its lessons. Kernels take a second each, so that the tests on one run share it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from analysis.lesson import find_lessons
from analysis.workshop import cli, results
from analysis.workshop.earlier import read_manifest
from analysis.workshop.interrupts import Interrupts
from analysis.workshop.runs import pick, run

SHOW = """\
from matplotlib.figure import Figure
import pandas as pd
from analysis.lesson import record, show
for name, sample in (("a-line", False), ("a-trial", True)):
    ax = Figure().subplots()
    ax.plot([1, 2])
    show(ax, name, alt="A line.", table=pd.DataFrame({"n": [random_state, 2]}), sample=sample)
record("How many?", 1234, 1200.5, 1300, "posts", "Not <b>people</b>.")
record("How good?", 0.8, sample=True)"""
SAY = """\
import pandas, sys, warnings
from analysis.posts import load_posts
assert load_posts(data)['root_id'].notna().sum() == 2, 'what is said of a second column did not come'
print(data, pandas.__file__, sys.prefix, list({'one', 'two', 'three', 'four', 'five'}))
warnings.warn('odd')
pandas.DataFrame({'w': ['<script>alert(1)</script>']})"""
#: Without assert, which PYTHONOPTIMIZE would take away.
CHECK = """\
import builtins, os, sys, time, matplotlib
ok = sys.executable == {python!r} and not hasattr(builtins, 'spoiled')
ok = ok and matplotlib.rcParams['lines.linewidth'] == 1.5 and 'inline' in matplotlib.get_backend()
ok = ok and os.environ['OMP_NUM_THREADS'] == '1' and time.tzname[0] == 'UTC' and __debug__
ok = ok and 'PYTHONSTARTUP' not in os.environ and os.getcwd() == {folder!r}
if not ok:
    raise ValueError('the settings of the user came through')"""
REACH = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=1)"


def listing(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def states(manifest):
    return {lesson["name"]: lesson["state"] for lesson in manifest["lessons"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory, put_lesson):
    """A run of lessons that end in every way: its folder, its manifest, and the folder of its data."""
    folder = tmp_path_factory.mktemp("shared")
    put_lesson(folder / "lessons", "01-a", SHOW, SAY, title="Rise", needs=["time"])
    put_lesson(folder / "lessons", "02-b", "print('as far as here')", "raise ValueError('of a\\nsort ' + data)", "1")
    put_lesson(folder / "lessons", "03-c", "import os\nos._exit(3)")
    put_lesson(folder / "lessons", "04-d", SHOW.replace("a-trial", "a-line"))
    put_lesson(folder / "lessons", "05-e", "1/0", needs=["text"])
    data = folder / "private" / "ids.csv"
    data.parent.mkdir()
    data.write_text(
        "919659438018920448,919659437487030272\n919659437487030272,919659437487030272\n919700000000000000,\n"
    )
    manifest = run(data, out=folder / "out", random_state=7, folder=folder / "lessons", second="root_id")
    return folder / "out", manifest, data


def lesson_of(manifest, name):
    return next(lesson for lesson in manifest["lessons"] if lesson["name"] == name)


def test_a_run_writes_pages_notebooks_figures_tables_and_a_manifest(shared):
    out, manifest, data = shared
    figures = {f"{name}.{ending}" for name in ("a-line", "a-trial") for ending in ("png", "svg")}
    made = {f"figures/{name}" for name in figures} | {"tables/a-line.csv", "tables/a-trial.csv"}
    made |= {"01-a.ipynb", "01-a.html", "headlines.csv"}
    top = {"index.html", "headlines.csv", "manifest.json"}
    assert {name for name in listing(out) if name.startswith("01-a/") or "/" not in name} == top | {
        f"01-a/{name}" for name in made
    }
    assert (out / "01-a/tables/a-line.csv").read_text() == "n\n7\n2\n"
    text = (out / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"made_by": results.MADE_BY, "layout": results.LAYOUT, **manifest}
    assert manifest["files"] == {name: results.sha256(out / name) for name in listing(out) if name != "manifest.json"}
    about = manifest["input"]
    assert (about["name"], about["sha256"], about["rows"]) == ("ids.csv", results.sha256(data), 3)
    assert (about["offers"], about["first"]) == (["roots", "time"], "2017-10-15T20:21:11Z")
    assert (manifest["random_state"], manifest["whole"]) == (7, True)
    assert manifest["versions"]["packages"]["pandas"] == pd.__version__
    lesson = lesson_of(manifest, "01-a")
    assert (lesson["state"], lesson["title"], lesson["error"]) == ("done", "Rise", None)
    assert lesson["seconds"] > 0
    figures = [(figure["alt"], figure["sample"]) for figure in lesson["figures"]]
    assert figures == [("A line.", False), ("A line.", True)]


def test_the_headlines_come_first_and_those_of_the_sample_stand_apart(shared):
    out, _, _ = shared
    lines = (out / "headlines.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "lesson,question,value,low,high,unit,note,sample"
    assert lines[1] == "01-a,How many?,1234,1200.5,1300,posts,Not <b>people</b>.,no"
    assert lines[2] == "01-a,How good?,0.8,,,,,yes"
    page = (out / "index.html").read_text(encoding="utf-8")
    first, last = page.split("What was tried on the invented sample")
    assert first.index("How many?") < first.index("Lessons</h2>")
    for words in ("1,234 (1,200 to 1,300) posts", "Not &lt;b&gt;people&lt;/b&gt;.", "01-a/figures/a-line.png"):
        assert words in first
    for words in ("How good?", "a-trial"):
        assert words not in first
        assert words in last


def test_the_kept_notebook_sets_its_values_in_one_cell_and_no_path_is_told(shared):
    out, _, data = shared
    notebook = nbformat.read(out / "01-a" / "01-a.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].source == "data = 'ids.csv'\nrandom_state = 7"
    hidden = [str(data.parent), str(Path.home()), str(Path(cli.__file__).parents[2]), sys.prefix, sys.base_prefix]
    for name in listing(out):
        if not name.endswith(".png"):
            text = (out / name).read_text(encoding="utf-8")
            assert not [path for path in hidden if f"{path}/" in text or f"{path}'" in text], name


def test_each_ending_is_told_and_harms_no_other_lesson(shared):
    out, manifest, _ = shared
    ends = {"01-a": "done", "02-b": "failed", "03-c": "failed", "04-d": "failed", "05-e": "skipped"}
    assert states(manifest) == ends
    assert lesson_of(manifest, "02-b")["cell"] == 3
    errors = {lesson["name"]: lesson["error"] or lesson["why"] for lesson in manifest["lessons"]}
    assert errors == {
        "01-a": None,
        "02-b": "ValueError: of a sort ids.csv",
        "03-c": "the kernel died (exit status 3)",
        "04-d": "two of its figures are called a-line",
        "05-e": "it needs text, and ids.csv holds only ids (roots, time)",
    }
    assert not (out / "05-e").exists()
    page = (out / "02-b" / "02-b.html").read_text()
    assert "as far as here" in page
    assert "failed at cell 3: ValueError: of a sort" in page
    table = (out / "01-a" / "01-a.html").read_text()
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in table
    assert "<script" not in table


def test_a_second_run_gives_the_same_bytes_and_keeps_the_other_lessons(shared):
    out, manifest, data = shared
    before = {name: (out / name).read_bytes() for name in listing(out)}
    touched = (out / "02-b" / "02-b.ipynb").stat().st_mtime_ns
    again = run(data, out=out, random_state=7, folder=out.parent / "lessons", second="root_id", lessons=["01"])
    assert (again["ran"], states(again)) == (["01-a"], states(manifest))
    assert (out / "02-b" / "02-b.ipynb").stat().st_mtime_ns == touched
    for name in before.keys() - {"manifest.json", "index.html"}:  # these two tell the seconds
        assert (out / name).read_bytes() == before[name], name


def test_what_is_somebodys_own_stays_and_what_is_of_other_data_or_spoiled_goes(shared, tmp_path):
    out, before, data = tmp_path / "out", shared[1], shared[2]
    shutil.copytree(shared[0], out)
    earlier = read_manifest(out)
    assert states(earlier) == states(before)  # what a run writes is believed by the next
    assert earlier["files"].keys() == before["files"].keys() - {"index.html", "headlines.csv"}
    text = (out / "manifest.json").read_text()
    (out / "manifest.json").write_text(json.dumps({**json.loads(text), "layout": 0}))
    assert read_manifest(out) == {"lessons": [], "files": earlier["files"]}
    (out / "manifest.json").write_text(text)
    mine = ["thesis.txt", "01-a/notes.txt", "02-b/notes.txt"]
    for name in mine:
        (out / name).write_text("mine")
    shutil.rmtree(out / "03-c")
    (out / "04-d" / "04-d.ipynb").write_text("{")
    more = {"out": out, "folder": shared[0].parent / "lessons", "lessons": ["05"]}  # it is skipped: no kernel is needed
    assert states(run(data, second="root_id", **more)).keys() == {"01-a", "02-b", "05-e"}
    (tmp_path / "other.csv").write_text("id\n919659437487030272\n")
    manifest = run(tmp_path / "other.csv", **more)
    assert states(manifest).keys() == {"05-e"}
    assert listing(out) == {*mine, *manifest["files"], "manifest.json"}


def test_no_setting_of_the_user_and_no_network_reaches_a_lesson(
    write_lesson, lessons_dir, ids, out, tmp_path, analyse, no_network, manifest_of
):
    home = tmp_path / "home"
    spoil = "import builtins; builtins.spoiled = True"
    kernel = json.dumps({"argv": ["false"], "display_name": "evil", "language": "python"})
    files = {
        ".local/share/jupyter/kernels/python3/kernel.json": kernel,
        ".local/share/jupyter/nbconvert/templates/lesson/conf.json": '{"base_template": "lab"}',
        ".ipython/kernels/python3/kernel.json": kernel,
        ".ipython/profile_default/startup/00.py": spoil,
        ".ipython/profile_default/ipython_kernel_config.py": spoil,
        ".config/matplotlib/matplotlibrc": "lines.linewidth: 99\n",
        "startup.py": spoil,
    }
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content)
    write_lesson("01-a", CHECK.format(python=sys.executable, folder=str(lessons_dir.resolve())), REACH)
    mine = {
        "HOME": str(home),
        "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "PYTHONOPTIMIZE": "1",
        "MPLBACKEND": "agg",
        "MATPLOTLIBRC": str(home / ".config/matplotlib/matplotlibrc"),
        "TZ": "Asia/Seoul",
    }
    environment, cut = no_network
    environment = {name: value for name, value in environment.items() if not name.startswith("XDG_")}
    command = ["run", "--data", ids, "--out", out, "--lessons-dir", lessons_dir]
    done = analyse(*command, env={**environment, **mine}, before=cut)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the network is cut in this test" in lesson_of(manifest_of(out), "01-a")["error"]
    assert {path.name for path in home.iterdir()} == {".local", ".ipython", ".config", "startup.py"}


def wait_for(what):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def gone(pid):
    state = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        return not state.exists() or state.read_text().split(")")[1].split()[0] == "Z"
    return subprocess.run(["kill", "-0", str(pid)], capture_output=True).returncode != 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
def test_an_interrupted_run_leaves_lessons_whole_and_what_a_killed_one_leaves_goes_with_the_next(
    write_lesson, lessons_dir, ids, out, tmp_path, refused, monkeypatch, manifest_of
):
    mark, temp = lessons_dir / "pid", tmp_path / "temp"
    (temp / "analysis-of-somebody").mkdir(parents=True)
    write_lesson("01-a")
    write_lesson("02-b", f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    write_lesson("03-c", needs=["text"])  # which is skipped: no kernel is needed
    command = ["run", "--data", str(ids), "--out", str(out), "--lessons-dir", str(lessons_dir)]
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", None)

    def end_in_second_lesson(number, *more):
        mark.unlink(missing_ok=True)
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen([sys.executable, "-m", "analysis", *command, *more], **pipes)
        try:
            wait_for(lambda: mark.exists() and mark.read_text())
            assert f"{out}: another run is writing there" in refused(*command, "--lesson", "03")
        finally:
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        return process.returncode, errors

    code, said = end_in_second_lesson(signal.SIGTERM)
    assert (code, said.splitlines()[-1].startswith("interrupted; ")) == (130, True)
    wait_for(lambda: gone(int(mark.read_text())))
    manifest = manifest_of(out)
    assert states(manifest) == {"01-a": "done", "02-b": "not run", "03-c": "not run"}
    assert not manifest["whole"]
    assert "02-b.html" not in (out / "01-a" / "01-a.html").read_text()
    whole = {"01-a", "index.html", "headlines.csv", "manifest.json"}
    assert {path.name for path in out.iterdir()} == whole
    assert manifest["files"] == {name: results.sha256(out / name) for name in listing(out) if name != "manifest.json"}

    end_in_second_lesson(signal.SIGKILL, "--lesson", "02")
    assert (out / ".02-b.part").is_dir()
    assert len(list(temp.iterdir())) == 2
    os.kill(int(mark.read_text()), signal.SIGKILL)  # the kernel would see to that itself, later
    shutil.move(out / "01-a", out / ".01-a.old")  # as if it had been killed between two renamings
    assert cli.main([*command, "--lesson", "03"]) == 0
    assert {path.name for path in out.iterdir()} == whole
    assert states(manifest_of(out))["01-a"] == "done"
    assert {path.name for path in temp.iterdir()} == {"analysis-of-somebody"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interruption_waits_until_what_must_be_whole_is_done(number):
    done = []

    def write():
        with Interrupts() as interrupts, interrupts.held():
            os.kill(os.getpid(), number)
            time.sleep(0.05)
            done.append("written")

    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["written"]
    assert signal.getsignal(number) is before


def test_bad_input_is_refused_in_one_line_before_anything_is_written(write_lesson, lessons_dir, ids, out, refused):
    path = write_lesson("03-spread")
    command, bad = ["run", "--out", out, "--lessons-dir", lessons_dir, "--data"], ids.with_name("bad.csv")
    for content in ("", "what,is,this\n1,2,3\n", "9.19E+17\n", "123,456\n"):
        bad.write_text(content)
        assert str(bad) in refused(*command, bad)
    bad.write_text("919659438018920448,919659437487030272\n")  # a second column needs to be told of
    assert str(bad) in refused(*command, bad)
    assert "no such file" in refused(*command, ids.with_name("none"))
    assert "--data is empty" in refused(*command, "")
    assert "there are 03-spread" in refused(*command, ids, "--lesson", "5")
    for seed in (-1, 2**32):
        assert f"--random-state {seed}" in refused(*command, ids, "--seed", seed)
    if hasattr(os, "mkfifo"):
        os.mkfifo(ids.with_name("pipe"))
        for special in (ids.with_name("pipe"), os.devnull):
            assert str(special) in refused(*command, special)
    notebook = json.loads(path.read_text())
    del notebook["cells"][0]["source"]
    path.write_text(json.dumps(notebook))
    assert "03-spread.ipynb: not a notebook" in refused(*command, ids)
    assert not out.exists()


def test_advanced_lessons_run_where_they_are_asked_for(write_lesson, lessons_dir, put_lesson, ids, out, capsys):
    write_lesson("01-a", needs=["text"])  # which is skipped: no kernel is needed
    assert run(ids, out=out, folder=lessons_dir, advanced=True)["ran"] == ["01-a"]
    assert "no lesson is here yet" in capsys.readouterr().err
    put_lesson(lessons_dir / "advanced", "02-b", needs=["text"])
    assert run(ids, out=out, folder=lessons_dir, advanced=True)["ran"] == ["01-a", "02-b"]
    manifest = run(ids, out=out, folder=lessons_dir)
    assert (manifest["ran"], states(manifest)) == (["01-a"], {"01-a": "skipped", "02-b": "skipped"})


def test_lessons_are_picked_by_number_or_name(write_lesson, lessons_dir):
    lessons = [write_lesson(name).stem for name in ("03-spread", "04-sentiment", "07-topics")]
    for wanted, picked in (
        ([], lessons),
        (["3"], lessons[:1]),
        (["07,03", "04-sentiment"], lessons),
        (["topics"], lessons[2:]),
    ):
        assert [lesson.name for lesson in pick(find_lessons(lessons_dir), wanted)] == picked

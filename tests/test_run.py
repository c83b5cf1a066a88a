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

from analysis.schema import InputError
from analysis.workshop import cli, results
from analysis.workshop.earlier import read_manifest
from analysis.workshop.interrupts import Interrupts
from analysis.workshop.runs import run

# A table, and a figure that takes its time: matplotlib has to be imported.
TABLE = """\
from pathlib import Path
Path(results, "tables").mkdir()
Path(results, "tables", "a.csv").write_text(f"n\\n{seed}\\n")"""
KEEP = """\
from matplotlib.figure import Figure
import pandas as pd
from analysis.lesson import show
ax = Figure().subplots()
ax.plot([1, 2])
show(ax, name="a-line", alt="A line.", table=pd.DataFrame({"n": [seed, 2]}), results=results)"""


@pytest.fixture
def lessons_dir(tmp_path):
    return tmp_path / "lessons"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


def listing(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def states(manifest):
    return {lesson["name"]: lesson["state"] for lesson in manifest["lessons"]}


def test_a_run_writes_pages_notebooks_figures_tables_and_a_manifest(write_lesson, lessons_dir, ids, out):
    write_lesson(
        "03-spread", f"assert data == {str(ids)!r}, data\nassert seed == 7", KEEP, needs=["time"], title="Rise"
    )
    manifest = run(ids, out=out, random_state=7, folder=lessons_dir)
    assert listing(out) == {
        "index.html",
        "manifest.json",
        "03-spread/03-spread.ipynb",
        "03-spread/03-spread.html",
        "03-spread/figures/a-line.png",
        "03-spread/figures/a-line.svg",
        "03-spread/tables/a-line.csv",
    }
    assert (out / "03-spread/tables/a-line.csv").read_text() == "n\n7\n2\n"
    text = (out / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"made_by": results.MADE_BY, "layout": results.LAYOUT, **manifest}
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert manifest["input"]["name"] == "ids.csv"
    assert manifest["input"]["sha256"] == results.sha256(ids)
    assert (manifest["input"]["rows"], manifest["input"]["offers"]) == (3, ["time"])
    assert manifest["input"]["first"] == "2017-10-15T20:21:11Z"
    assert manifest["input"]["account"]["kept"] == 3
    assert manifest["seed"] == 7
    assert manifest["versions"]["packages"]["pandas"] == pd.__version__
    assert len(manifest["versions"]["lexicon"]["sha256"]) == 64
    assert manifest["whole"]
    lesson = manifest["lessons"][0]
    assert (lesson["state"], lesson["title"], lesson["error"]) == ("done", "Rise", None)
    assert 0 < lesson["seconds"] < 60
    assert lesson["figures"][0]["alt"] == "A line."
    assert manifest["files"] == {name: results.sha256(out / name) for name in listing(out) if name != "manifest.json"}


def test_the_kept_notebook_tells_its_values_and_no_path(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", "import pandas, sys\nprint(data, results, pandas.__file__, sys.prefix)", "open(data + 'x')")
    run(ids, out=out, folder=lessons_dir)
    notebook = nbformat.read(out / "01-a" / "01-a.ipynb", as_version=4)
    nbformat.validate(notebook)
    tags = [cell.metadata.get("tags") for cell in notebook.cells]
    assert tags[1:3] == [["parameters"], None]
    assert notebook.cells[1].source == "data = 'ids.csv'\nrandom_state = 1\nseed = 1\nresults = 'results'"
    assert notebook.cells[2].outputs[0].text.startswith("ids.csv results ")
    hidden = [str(ids.parent), str(Path.home()), str(Path(cli.__file__).parents[2]), sys.prefix, sys.base_prefix]
    for name in listing(out):
        if not name.endswith(".png"):
            text = (out / name).read_text(encoding="utf-8")
            assert not [path for path in hidden if f"{path}/" in text or f"{path}'" in text], name


def test_a_lesson_that_needs_more_is_skipped_and_says_why(write_lesson, lessons_dir, ids, out, capsys):
    write_lesson("03-spread", needs=["time"])
    write_lesson("04-sentiment", "1/0", needs=["text"])
    status = cli.main(["run", "--data", str(ids), "--out", str(out), "--lessons-dir", str(lessons_dir)])
    assert status == 0
    said = capsys.readouterr()
    why = "04-sentiment skipped: it needs text, and ids.csv holds only ids (time)"
    assert why in said.out
    assert why in said.err
    assert "1 of 2 lessons done: 03-spread" in said.out
    assert f"Open {out / 'index.html'}" in said.out
    assert not (out / "04-sentiment").exists()
    assert "it needs text, and ids.csv" in (out / "index.html").read_text()


def test_a_failing_lesson_is_reported_and_the_others_run(write_lesson, lessons_dir, ids, out, capsys, manifest_of):
    write_lesson("01-a", "print('as far as here')", "raise ValueError('of a\\nsort')", "print('not reached')")
    write_lesson("02-b", "print('fine')")
    status = cli.main(["run", "--data", str(ids), "--out", str(out), "--lessons-dir", str(lessons_dir)])
    assert status == 1
    assert "01-a failed at cell 4: ValueError: of a sort" in capsys.readouterr().out
    assert states(manifest_of(out)) == {"01-a": "failed", "02-b": "done"}
    page = (out / "01-a" / "01-a.html").read_text()
    assert "as far as here" in page.split("<main>")[1]
    assert "This lesson failed at cell 4: ValueError: of a sort" in page


def test_a_kernel_that_dies_fails_its_lesson_alone(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", "import os\nos._exit(3)")
    write_lesson("02-b", "print('fine')")
    manifest = run(ids, out=out, folder=lessons_dir)
    assert states(manifest) == {"01-a": "failed", "02-b": "done"}
    assert (manifest["lessons"][0]["cell"], manifest["lessons"][0]["error"]) == (3, "the kernel died (exit status 3)")
    assert (out / "01-a" / "01-a.html").is_file()


def test_two_figures_of_one_name_fail_the_lesson(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", KEEP, KEEP)
    lesson = run(ids, out=out, folder=lessons_dir)["lessons"][0]
    assert (lesson["state"], lesson["error"]) == ("failed", "two of its figures are called a-line")


def test_markup_in_a_table_stays_text(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", "import pandas as pd\npd.DataFrame({'w': ['<script>alert(1)</script>']})")
    run(ids, out=out, folder=lessons_dir)
    page = (out / "01-a" / "01-a.html").read_text().split("<main>")[1]
    assert "<script" not in page
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in page


def test_a_second_run_gives_the_same_bytes(write_lesson, lessons_dir, ids, tmp_path):
    order = "print(list({'one', 'two', 'three', 'four', 'five'}))\nimport warnings\nwarnings.warn('odd')"
    write_lesson("01-a", order, KEEP)
    for out in ("one", "two"):
        run(ids, out=tmp_path / out, folder=lessons_dir)
    made = listing(tmp_path / "one")
    for name in made - {"manifest.json", "index.html"}:  # these two tell the seconds
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_nothing_of_the_users_own_settings_reaches_a_lesson(write_lesson, lessons_dir, ids, out, tmp_path, analyse):
    home = tmp_path / "home"
    spoil = "import builtins; builtins.spoiled = True"
    kernel = {"argv": ["false"], "display_name": "evil", "language": "python"}
    files = {
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(kernel),
        ".ipython/kernels/python3/kernel.json": json.dumps(kernel),
        ".ipython/profile_default/startup/00.py": spoil,
        ".ipython/profile_default/ipython_kernel_config.py": spoil,
        ".config/matplotlib/matplotlibrc": "lines.linewidth: 99\n",
        "startup.py": spoil,
    }
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content)
    write_lesson(  # without assert, which PYTHONOPTIMIZE would take away
        "01-a",
        "def check(ok):\n    if not ok:\n        raise ValueError",
        f"import sys, builtins\ncheck(sys.executable == {sys.executable!r} and not hasattr(builtins, 'spoiled'))",
        "import matplotlib\ncheck(matplotlib.rcParams['lines.linewidth'] == 1.5)\nprint(matplotlib.get_backend())",
        "import os, time\ncheck(os.environ['OMP_NUM_THREADS'] == '1' and time.tzname[0] == 'UTC' and __debug__)",
        f"check(os.getcwd() == {str(lessons_dir.resolve())!r} and 'PYTHONSTARTUP' not in os.environ)",
    )
    mine = {
        "HOME": str(home),
        "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "PYTHONOPTIMIZE": "1",
        "MPLBACKEND": "agg",
        "MATPLOTLIBRC": str(home / ".config/matplotlib/matplotlibrc"),
        "TZ": "Asia/Seoul",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    done = analyse("run", "--data", ids, "--out", out, "--lessons-dir", lessons_dir, env={**environment, **mine})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "inline" in (out / "01-a" / "01-a.ipynb").read_text()
    # and nothing was added there
    assert {path.name for path in home.iterdir()} == {
        ".local",
        ".ipython",
        ".config",
        "startup.py",
    }  # nothing was added


def test_a_lesson_runs_with_the_network_cut_and_cannot_reach_it(
    write_lesson, lessons_dir, ids, out, analyse, no_network, manifest_of
):
    environment, cut = no_network
    write_lesson("01-a", "print('fine')")
    write_lesson("02-b", "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=1)")
    done = analyse("run", "--data", ids, "--out", out, "--lessons-dir", lessons_dir, env=environment, before=cut)
    assert done.returncode == 1
    assert states(manifest_of(out)) == {"01-a": "done", "02-b": "failed"}
    assert "the network is cut in this test" in (out / "02-b" / "02-b.html").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interrupted_run_leaves_finished_lessons_whole(write_lesson, lessons_dir, ids, out, number, manifest_of):
    mark = lessons_dir / "pid"
    write_lesson("01-a", TABLE)
    write_lesson("02-b", TABLE, f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    write_lesson("03-c")
    command = [sys.executable, "-m", "analysis", "run", "--data", ids, "--out", out, "--lessons-dir", lessons_dir]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: mark.exists() and mark.read_text())
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.splitlines()[1:] == [f"interrupted; the lessons that were finished are whole: {out / 'index.html'}"]
    wait_for(lambda: not alive(int(mark.read_text())))
    manifest = manifest_of(out)
    assert states(manifest) == {"01-a": "done", "02-b": "not run", "03-c": "not run"}
    assert not manifest["whole"]
    assert {path.name for path in out.iterdir()} == {"01-a", "index.html", "manifest.json"}
    assert manifest["files"] == {name: results.sha256(out / name) for name in listing(out) if name != "manifest.json"}


def test_an_interruption_waits_until_what_must_be_whole_is_done():
    done = []

    def write():
        with Interrupts() as interrupts, interrupts.held():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            done.append("written")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is before


def wait_for(what):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid):
    state = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        return state.exists() and state.read_text().split(")")[1].split()[0] != "Z"
    return subprocess.run(["kill", "-0", str(pid)], capture_output=True).returncode == 0


def refused(capsys, *arguments):
    """The one line by which a run is refused."""
    assert cli.main(["run", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    return said.err


def test_bad_data_are_refused_before_anything_is_written(write_lesson, lessons_dir, tmp_path, out, capsys):
    write_lesson("01-a")
    bad = tmp_path / "bad.csv"
    for content in ("", "what,is,this\n1,2,3\n", "9.19E+17\n", "123,456\n"):
        bad.write_text(content)
        assert str(bad) in refused(capsys, "--data", bad, "--out", out, "--lessons-dir", lessons_dir)
    assert "no such file" in refused(capsys, "--data", tmp_path / "none", "--out", out, "--lessons-dir", lessons_dir)
    assert not out.exists()


def test_an_unknown_lesson_is_refused_with_the_list(write_lesson, lessons_dir, ids, out, capsys):
    write_lesson("03-spread")
    line = refused(capsys, "--data", ids, "--out", out, "--lessons-dir", lessons_dir, "--lesson", "5")
    assert "no lesson '5'; there are 03-spread" in line
    assert not out.exists()


def test_a_broken_notebook_is_refused(write_lesson, lessons_dir, ids, out, capsys):
    path = write_lesson("03-spread")
    notebook = json.loads(path.read_text())
    del notebook["cells"][0]["source"]
    path.write_text(json.dumps(notebook))
    assert "03-spread.ipynb: not a notebook" in refused(
        capsys, "--data", ids, "--out", out, "--lessons-dir", lessons_dir
    )
    assert not out.exists()


def test_a_folder_with_anything_else_in_it_is_refused(write_lesson, lessons_dir, ids, out, capsys):
    write_lesson("01-a")
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    command = ["--data", ids, "--out", out, "--lessons-dir", lessons_dir]
    assert "holds files that no run of ours has made" in refused(capsys, *command)
    (out / "manifest.json").write_text('{"made_by": "a packager"}')
    assert "holds files that no run of ours has made" in refused(capsys, *command)
    assert listing(out) == {"thesis.txt", "manifest.json"}


def test_a_file_in_place_of_the_folder_is_refused(write_lesson, lessons_dir, ids, out, capsys):
    write_lesson("01-a")
    out.write_text("mine")
    command = ["--data", ids, "--lessons-dir", lessons_dir, "--out"]
    assert "is a file, not a folder" in refused(capsys, *command, out)
    assert "is a file, not a folder" in refused(capsys, *command, out / "below")
    assert out.read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which even root can make nothing")
def test_a_folder_that_cannot_be_written_is_refused(write_lesson, lessons_dir, ids, capsys):
    write_lesson("01-a")
    line = refused(capsys, "--data", ids, "--lessons-dir", lessons_dir, "--out", "/proc/results")
    assert "cannot be written" in line


def test_a_run_of_one_lesson_keeps_the_others_of_the_same_data(write_lesson, lessons_dir, ids, out):
    write_lesson("01-a", TABLE)
    write_lesson("02-b", TABLE)
    run(ids, out=out, folder=lessons_dir)
    before = (out / "01-a" / "01-a.ipynb").stat().st_mtime_ns
    manifest = run(ids, out=out, lessons=["02"], random_state=2, folder=lessons_dir)
    assert (states(manifest), manifest["ran"]) == ({"01-a": "done", "02-b": "done"}, ["02-b"])
    assert (out / "01-a" / "01-a.ipynb").stat().st_mtime_ns == before
    assert (out / "02-b" / "tables" / "a.csv").read_text() == "n\n2\n"
    assert [lesson["seed"] for lesson in manifest["lessons"]] == [1, 2]


def test_a_lesson_that_was_removed_by_hand_or_is_of_another_layout_is_forgotten(
    write_lesson, lessons_dir, ids, out, manifest_of
):
    for name in ("01-a", "02-b", "03-c"):
        write_lesson(name, TABLE)
    run(ids, out=out, folder=lessons_dir)
    shutil.rmtree(out / "01-a")
    assert states(run(ids, out=out, lessons=["02"], folder=lessons_dir)) == {"02-b": "done", "03-c": "done"}
    (out / "manifest.json").write_text(json.dumps({**manifest_of(out), "layout": 0}))
    manifest = run(ids, out=out, lessons=["02"], folder=lessons_dir)
    assert states(manifest) == {"02-b": "done"}
    assert {path.name for path in out.iterdir()} == {"02-b", "index.html", "manifest.json"}


def test_results_on_other_data_go_when_the_new_ones_are_whole(write_lesson, lessons_dir, ids, out, tmp_path):
    write_lesson("01-a", TABLE)
    write_lesson("02-b", TABLE)
    run(ids, out=out, folder=lessons_dir)
    (out / "01-a" / "notes.txt").write_text("mine")
    (out / "02-b" / "notes.txt").write_text("mine")
    (out / "thesis.txt").write_text("mine")
    other = tmp_path / "other.csv"
    other.write_text("id\n919659437487030272\n")
    manifest = run(other, out=out, lessons=["02"], folder=lessons_dir)
    assert states(manifest) == {"02-b": "done"}
    assert {name for name in listing(out) if name.endswith(".txt")} == {
        "01-a/notes.txt",
        "02-b/notes.txt",
        "thesis.txt",
    }
    assert {name for name in listing(out) if name.startswith("01-a")} == {"01-a/notes.txt"}
    assert manifest["files"].keys() == {
        name for name in listing(out) if not name.endswith(".txt") and name != "manifest.json"
    }
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_a_list_of_ids_without_a_header_needs_to_be_told_of_its_second_column(
    write_lesson, lessons_dir, tmp_path, out, capsys
):
    path = tmp_path / "pairs.csv"
    path.write_text("919659438018920448,919659437487030272\n919659437487030272,919659437487030272\n")
    write_lesson(
        "01-a",
        "from analysis.posts import load_posts\nposts = load_posts(data)\nassert len(posts) == 2\n"
        "assert posts['root_id'].notna().all()\nassert data.endswith('pairs.csv')\nprint(data)",
        needs=["roots"],
    )
    command = ["--data", path, "--out", out, "--lessons-dir", lessons_dir]
    refused(capsys, *command)
    assert cli.main(["run", *map(str, command), "--second", "root_id"]) == 0
    printed = nbformat.read(out / "01-a" / "01-a.ipynb", as_version=4).cells[-1].outputs[0].text
    assert printed == "pairs.csv\n"


def test_an_older_folder_comes_back_when_a_newer_cannot_take_its_place(tmp_path):
    (tmp_path / "01-a").mkdir()
    (tmp_path / "01-a" / "x").write_text("old")
    with pytest.raises(OSError, match="missing"):
        results.publish(tmp_path / "missing", tmp_path / "01-a", ["x"])
    assert listing(tmp_path) == {"01-a/x"}


def test_a_crash_between_two_renamings_is_mended_by_the_next_run(tmp_path):
    for folder, content in ((".01-a.old", "old"), (".01-a.part", "new")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x").write_text(content)
    results.publish(tmp_path / ".01-a.part", tmp_path / "01-a", ["x"])
    assert listing(tmp_path) == {"01-a/x"}
    assert (tmp_path / "01-a" / "x").read_text() == "new"


def test_a_folder_is_hashed_by_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    first = results.sha256(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert results.sha256(tmp_path) != first
    with pytest.raises(InputError, match="holds files"):
        read_manifest(tmp_path)

import io

from analysis.workshop.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


ENTRY = {"name": "03-spread", "state": "done", "seconds": 3.0}


def test_in_a_terminal_a_bar_names_lesson_and_cell():
    stream = Terminal()
    progress = Progress(14, stream)
    progress.cell("03-spread", 5, 14)
    progress.lesson(ENTRY)
    progress.close()
    assert "03-spread, cell 5 of 14" in stream.getvalue()
    assert "done in" not in stream.getvalue()  # the summary tells


def test_a_bar_of_nothing_is_no_fault():
    stream = Terminal()
    progress = Progress(0, stream)
    progress.lesson({**ENTRY, "state": "skipped", "why": "it needs text"})
    progress.close()
    assert "Traceback" not in stream.getvalue()


def test_elsewhere_there_is_one_plain_line_a_lesson():
    stream = io.StringIO()
    progress = Progress(14, stream)
    progress.cell("03-spread", 5, 14)
    progress.lesson(ENTRY)
    progress.close()
    assert stream.getvalue() == "03-spread done in 3.0 s\n"

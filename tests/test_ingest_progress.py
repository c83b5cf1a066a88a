"""The bar of an ingest counts the bytes of all files, and tells the records; without one nothing is drawn."""

from analysis.collect.account import Progress


def test_bytes_and_records_are_told(capsys):
    with Progress(300, shown=True) as bar:
        bar.update("one", 60, 1)
        bar.update("one", 100, 2)
        bar.update("two", 40, 3)  # the position begins anew in every file
        bar.update("two", 30, 4)  # and never goes back
        bar.update("two", 200, 1_234)
        assert bar._bar.n == 300
        bar._bar.refresh()
    said = capsys.readouterr().err
    assert "1,234 records" in said and "300/300" in said.replace(" ", "")


def test_nothing_is_drawn_unless_it_is_asked_for(capsys):
    with Progress(300, shown=False) as bar:
        bar.update("one", 100, 2)
    assert capsys.readouterr().err == ""

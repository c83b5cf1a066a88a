"""Where the project's own data lie, and what was planted in the sample corpus."""

from pathlib import Path

import pandas as pd

from analysis.posts.columns import InputError


def find_root():
    """Find the folder of the project: the one that holds ``notebooks`` and ``data``.

    Returns
    -------
    Path
        The nearest such folder above this file, else above the working folder or that folder itself.

    Raises
    ------
    InputError
        If there is none, as when the package is installed by itself.
    """
    for start in (Path(__file__).resolve(), Path.cwd()):
        for folder in (start, *start.parents):
            if (folder / "notebooks").is_dir() and (folder / "data").is_dir():
                return folder
    raise InputError(f"{Path.cwd()}: no folder with notebooks and data here or above; run this inside the project")


def load_truth(path=None):
    """Load what was planted in the sample corpus.

    Parameters
    ----------
    path : str or Path, optional
        By default ``data/truth.csv``.

    Returns
    -------
    DataFrame
        post_id (str) and a column for each planted truth, in the order of the file.

    Raises
    ------
    InputError
        If the file is missing or has no post_id.
    """
    path = find_root() / "data" / "truth.csv" if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give the path of a truth.csv")
    truth = pd.read_csv(path, dtype={"post_id": "str"}, keep_default_na=False, na_values=[""])
    if "post_id" not in truth:
        raise InputError(f"{path}, line 1: there is no column post_id; give the path of a truth.csv")
    return truth

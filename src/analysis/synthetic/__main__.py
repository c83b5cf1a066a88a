"""``python -m analysis.synthetic``: write the files of ``data/`` anew that follow from the generator."""

from analysis.schema import find_root
from analysis.synthetic.sample_files import write_sample_files

if __name__ == "__main__":
    write_sample_files(find_root() / "data")

"""pyproject.toml, environment.yml and requirements.lock name the same things; conda can parse its file."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
SPECS = [line for line in CONDA["dependencies"] if isinstance(line, str)]
#: What conda leaves to pip: what conda-forge does not have, and the package itself.
BY_PIP = [line for entry in CONDA["dependencies"] if isinstance(entry, dict) for line in entry["pip"]]


def wanted():
    """What pyproject.toml asks for, the development tools too."""
    return [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]


def locked():
    """The versions in the lock, by name; a name may stand there once for each platform."""
    found = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, flags=re.M):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


def test_conda_asks_for_the_same_names_and_bounds_from_one_channel():
    conda = {}
    for line in [*SPECS, *BY_PIP[:-1]]:
        name, bounds = re.fullmatch(r"([a-z0-9-]+)(.*)", line).groups()
        conda[name] = set(bounds.split(",")) - {""}
        assert line in BY_PIP or MatchSpec(line, strict=True).name.normalized == name  # conda can read it
    assert conda.pop("python") == {PROJECT["requires-python"]}
    assert conda.pop("pip") == set()
    assert conda == {canonicalize_name(r.name): set(str(r.specifier).split(",")) for r in wanted()}
    assert BY_PIP[-1] == "-e ."
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]


def test_the_lock_satisfies_every_bound_and_has_a_hash_for_each_package_and_no_address():
    versions = locked()
    for requirement in wanted():
        found = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in found), requirement
    assert [name for name, found in versions.items() if any(version.is_prerelease for version in found)] == []
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|^\s*--?(index|extra-index|find-links|i\b)", LOCK, flags=re.M)

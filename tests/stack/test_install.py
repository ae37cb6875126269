"""`./run` itself: how it installs, and what it says before anything is installed."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.stack.stand_in import finished
from tools.stack.bootstrap import ROOT
from tools.stack.install import UNFINISHED, installed_python
from tools.stack.usage import COMMANDS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with spaces in its path, whose locks name no package."""
    root = tmp_path / "a project"
    root.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (root / name).write_text("# nothing\n", encoding="utf-8")
    (root / "tools").symlink_to(ROOT / "tools")
    return root


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher from another folder."""
    command = [sys.executable, str(ROOT / "run"), *arguments]
    return finished(command, cwd=Path("/"))


def test_help_names_every_command_with_a_line() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name, usage in COMMANDS.items():
        assert usage.summary in done.stdout
        assert name == "up" or f"./run {name}" in done.stdout


def test_an_unknown_command_is_one_clear_line() -> None:
    done = run("nonsense")
    assert done.returncode == 2
    assert done.stderr == "run: there is no command 'nonsense'; ./run --help lists them\n"


def test_an_older_python_is_one_clear_line() -> None:
    code = f"import sys; sys.version_info = (3, 10); exec(open({str(ROOT / 'run')!r}).read())"
    done = finished([sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("run: Python 3.11 or newer is needed")
    assert len(done.stderr.splitlines()) == 1


def test_two_starts_at_once_install_once_and_a_broken_one_is_redone(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    starts = [
        threading.Thread(target=installed_python, args=(project, "requirements-dev.txt"))
        for _ in range(2)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    said = capfd.readouterr().out
    assert said.count("Making the virtual environment") == 1
    assert said.count("waiting for it") == 1

    python = installed_python(project, "requirements.txt")
    assert finished([str(python), "-m", "pip", "--version"], cwd=project).returncode == 0
    assert "Installing" not in capfd.readouterr().out

    (project / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    installed_python(project, "requirements.txt")
    said = capfd.readouterr().out
    assert "Installing" in said
    assert "Making the virtual environment" not in said

    (project / ".venv" / UNFINISHED).touch()
    rubbish = project / ".venv" / "lib" / "half-written"
    rubbish.touch()
    installed_python(project, "requirements.txt")
    assert not rubbish.exists()
    assert not (project / ".venv" / UNFINISHED).exists()

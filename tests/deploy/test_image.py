"""What the Dockerfile makes, by its own steps: what is in it, its size, its health check."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.dockerfile import config_of, moved, sent, steps_of
from tests.deploy.started import started
from tests.deploy.targets import Place, dockerfile
from tests.pages import TEXTS

MAX_BYTES = 120_000_000
DRAW_LARGE = """
import base64, io, json, sys
from urllib.request import Request, urlopen
from PIL import Image
file = io.BytesIO()
Image.effect_noise((1500, 1500), 40).save(file, "PNG")
request = Request(sys.argv[1] + "/api/predict", file.getvalue(), {"Content-Type": "image/png"})
print(len(file.getvalue()), urlopen(request).status)
"""


def files(folder: Path) -> dict[str, tuple[int, float]]:
    """Sizes and times of all files."""
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime) for path in found
    }


def test_what_is_added_to_the_base_image_is_small(image: Path) -> None:
    found = sum(size for size, _ in files(image).values())
    (promised,) = re.findall(r"adds (\d+) MB to its base", TEXTS["docs/deploy.md"])
    assert found == pytest.approx(1e6 * int(promised), rel=0.08)  # wheels differ a little
    assert found < MAX_BYTES


def test_the_image_has_the_app_and_the_packages_of_requirements_txt_alone(
    image: Path, shipped: Path
) -> None:
    assert {path.name for path in image.iterdir()} == {"venv", "srv"}
    assert {path.name for path in (image / "srv").iterdir()} - {"requirements-rate-limit.txt"} == {
        *("app", "model", "static", "templates", "weights", "gunicorn.conf.py", "requirements.txt")
    }
    (packages,) = image.glob("venv/lib/python3*/site-packages")
    infos = {path.name.split("-")[0].lower() for path in packages.glob("*.dist-info")}
    wanted = (shipped / "requirements.txt").read_text()
    assert infos <= {line.split("==")[0] for line in wanted.splitlines() if "==" in line}
    assert {"flask", "gunicorn", "numpy", "pillow"} <= infos


def test_docker_gets_what_the_dockerfile_copies_and_nothing_else(shipped: Path) -> None:
    steps = [step.value for step in steps_of(shipped / "Dockerfile") if step.instruction == "COPY"]
    copied = {value.split()[0] for value in steps if not value.startswith("--from")}
    names = {path.parts[0] for path in sent(shipped)}
    assert all(any(fnmatch(name, pattern) for pattern in copied) for name in names)
    assert all(any(fnmatch(name, pattern) for name in names) for pattern in copied)
    assert "requirements-dev.txt" not in names
    (shipped / "app" / "__pycache__").mkdir(exist_ok=True)
    (shipped / "app" / "__pycache__" / "x.pyc").touch()
    assert not any("__pycache__" in path.parts for path in sent(shipped))


def test_the_layer_of_the_packages_depends_on_their_list_alone(shipped: Path) -> None:
    steps = steps_of(shipped / "Dockerfile")
    install = next(i for i, step in enumerate(steps) if step.value.startswith("pip "))
    before = [step.value for step in steps[:install] if step.instruction == "COPY"]
    assert before == ["requirements*.txt ./"]


def test_a_space_is_our_dockerfile_with_two_variables_more(space: Path, shipped: Path) -> None:
    own, its = steps_of(shipped / "Dockerfile"), steps_of(space / "Dockerfile")
    assert its[: len(own)] == own
    assert [step.instruction for step in its[len(own) :]] == ["ENV"]
    added = config_of(its).environment.items() - config_of(own).environment.items()
    assert dict(added) == {
        "FORWARDED_ALLOW_IPS": "*",
        "FRAME_ANCESTORS": "https://huggingface.co",
    }
    assert list(sent(space)) == list(sent(shipped))


def test_nothing_is_written_and_its_own_check_finds_it_healthy(
    place: Place, image: Path, shipped: Path, read_only: bool, tmp_path: Path
) -> None:
    before = files(image)
    python = image / "venv" / "bin" / "python"
    with started(dockerfile(place), tmp_path / "log", read_only) as server:
        health = [moved(word, image) for word in config_of(steps_of(shipped / "Dockerfile")).health]
        port = server.url.rpartition(":")[2]
        checks = [
            subprocess.run([python, *health[1:]], env={"PORT": wrong_or_right}).returncode
            for wrong_or_right in (port, "1")
        ]
        large = subprocess.run(
            [python, "-c", DRAW_LARGE, server.url], capture_output=True, text=True
        )
        assert server.stop() == 0
    assert checks == [0, 1]
    size, status = map(int, large.stdout.split())
    assert size > 1_000_000
    assert status == 200
    assert files(image) == before


@pytest.mark.parametrize(("name", "value"), [("WEB_CONCURRENCY", "two"), ("PORT", "http")])
def test_a_wrong_setting_is_one_line_and_status_1(place: Place, name: str, value: str) -> None:
    start = dockerfile(place)
    variables = {**start.environment, name: value}
    done = subprocess.run(
        start.command, cwd=start.folder, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {name} is '{value}'")
    assert done.stderr.count("\n") == 1

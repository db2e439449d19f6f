"""What each file says: the command, the environment and the health checks of its platform.

The variables that a platform sets by itself are those of its manual, whose address stands there.
"""

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.dockerfile import config_of, moved, steps_of
from tests.deploy.started import Start

NO_PATH_NAMED = ("/health",)


@dataclass(frozen=True)
class Place:
    """Folders of this machine: the clean copy, the image's root, the Space, an empty home."""

    shipped: Path
    image: Path
    space: Path
    home: Path

    def buildpack(self, line: str, environment: Mapping[str, str], *health: str) -> Start:
        """A line of shell in the clean copy, with the packages of requirements.txt alone."""
        path = f"{self.image}/venv/bin:/usr/bin:/bin"
        variables = {"PATH": path, "HOME": str(self.home), **environment}
        return Start(["bash", "-c", line], self.shipped, variables, health, is_image=False)

    def container(
        self, *health: str, environment: Mapping[str, str] | None = None, space: bool = False
    ) -> Start:
        """The image's own command, with more variables than its own."""
        config = config_of(steps_of((self.space if space else self.shipped) / "Dockerfile"))
        path = {"PATH": moved(config.environment["PATH"], self.image).replace("$PATH", "/bin")}
        variables = {**config.environment, **path, **(environment or {})}
        folder = Path(moved(config.folder, self.image))
        return Start(config.command, folder, variables, health, is_image=True)


def load(place: Place, name: str) -> Any:
    """A file of the clean copy, parsed."""
    text = (place.shipped / name).read_text()
    if name.endswith(".toml"):
        return tomllib.loads(text)
    return yaml.safe_load(text)  # JSON is YAML too


# https://devcenter.heroku.com/articles/python-support; for both of the last two the buildpack's
# python.gunicorn.sh: https://github.com/heroku/heroku-buildpack-python
HEROKU = {
    "DYNO": "web.1",
    "WEB_CONCURRENCY": "2",
    "FORWARDED_ALLOW_IPS": "*",
    "GUNICORN_CMD_ARGS": "--access-logfile -",
}


def procfile(place: Place) -> Start:
    """Heroku, and every host that reads a Procfile."""
    (line,) = re.findall(r"^web: (.+)$", (place.shipped / "Procfile").read_text(), re.MULTILINE)
    return place.buildpack(line, HEROKU, *NO_PATH_NAMED)


def heroku_button(place: Place) -> Start:
    """The button sets the variables of app.json that have a value; the Procfile starts it."""
    values = {
        name: entry["value"]
        for name, entry in load(place, "app.json")["env"].items()
        if "value" in entry
    }
    start = procfile(place)
    return replace(start, environment={**start.environment, **values})


# https://render.com/docs/environment-variables
RENDER = {
    "RENDER": "true",
    "WEB_CONCURRENCY": "1",
    "FORWARDED_ALLOW_IPS": "*",
    "GUNICORN_CMD_ARGS": "--preload --access-logfile - --bind=0.0.0.0:10000",
}


def render(place: Place) -> Start:
    """Render's native Python."""
    (service,) = load(place, "render.yaml")["services"]
    values = {entry["key"]: entry["value"] for entry in service["envVars"]}
    line = service["startCommand"]
    return place.buildpack(line, {**RENDER, **values}, service["healthCheckPath"])


def dockerfile(place: Place) -> Start:
    """The image alone."""
    return place.container(*NO_PATH_NAMED)


def railway(place: Place) -> Start:
    """The image with a command of its own, not in a shell.

    https://docs.railway.com/deployments/start-command
    """
    deploy = load(place, "railway.json")["deploy"]
    start = place.container(deploy["healthcheckPath"])
    return replace(start, command=shlex.split(deploy["startCommand"]))


def fly(place: Place) -> Start:
    """The image with the variables of fly.toml."""
    file = load(place, "fly.toml")
    checks = [check["path"] for check in file["http_service"]["checks"]]
    return place.container(*checks, environment=file["env"])


def compose(place: Place) -> Start:
    """The image as it is: no variable has a value."""
    (service,) = load(place, "compose.yaml")["services"].values()
    values = dict(entry.split("=") for entry in service["environment"] if "=" in entry)
    return place.container(*NO_PATH_NAMED, environment=values)


def kubernetes(place: Place) -> Start:
    """The container of the Deployment; all its probes are asked."""
    documents = yaml.safe_load_all((place.shipped / "deploy/kubernetes.yaml").read_text())
    pod = next(one for one in documents if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    probes = [container[f"{name}Probe"] for name in ("startup", "readiness", "liveness")]
    values = {entry["name"]: entry["value"] for entry in container["env"]}
    paths = [probe["httpGet"]["path"] for probe in probes]
    return place.container(*paths, environment=values)


def huggingface(place: Place) -> Start:
    """The Dockerfile that prepare.sh writes for a Space."""
    return place.container(*NO_PATH_NAMED, space=True)


def cloud_run(place: Place) -> Start:
    """The image with the variables of the command in docs/deploy.md.

    https://cloud.google.com/run/docs/container-contract
    """
    page = (place.shipped / "docs/deploy.md").read_text()
    (line,) = re.findall(r"^\$ (gcloud run deploy .*(?:\\\n.*)*)$", page, re.MULTILINE)
    (option,) = [word for word in shlex.split(line) if word.startswith("--set-env-vars=")]
    name, _, value = option.removeprefix("--set-env-vars=").partition("=")
    return place.container(*NO_PATH_NAMED, environment={"K_SERVICE": "draw-a-digit", name: value})


def own_machine(place: Place) -> Start:
    """The line of docs/deploy.md for a machine of one's own."""
    page = (place.shipped / "docs/deploy.md").read_text()
    (line,) = re.findall(r"^\$ PORT=\d+ (\.venv/bin/python app/settings\.py .*)$", page, re.M)
    return place.buildpack(line.replace(".venv/bin/", ""), {}, *NO_PATH_NAMED)


def without_make(place: Place) -> Start:
    """The last of the three commands for Windows; on Linux, `.venv/bin/`."""
    page = (place.shipped / "docs/deploy.md").read_text()
    (line,) = re.findall(r"^PS> \.venv\\Scripts\\(flask .*) --port \d+$", page, re.MULTILINE)
    return place.buildpack(f'{line} --port "$PORT"', {}, *NO_PATH_NAMED)


TARGETS: dict[str, Callable[[Place], Start]] = {
    "Procfile": procfile,
    "app.json": heroku_button,
    "render.yaml": render,
    "Dockerfile": dockerfile,
    "railway.json": railway,
    "fly.toml": fly,
    "compose.yaml": compose,
    "deploy/kubernetes.yaml": kubernetes,
    "deploy/huggingface": huggingface,
    "Cloud Run": cloud_run,
    "a machine of one's own": own_machine,
    "without make": without_make,
}

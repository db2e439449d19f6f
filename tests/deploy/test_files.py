"""The files of the platforms: their form, and that they agree with the program and each other.

For four of them no schema can be had without a network. Their keys are those of the manuals:
https://devcenter.heroku.com/articles/app-json-schema,
https://docs.railway.com/config-as-code/reference, https://render.com/docs/blueprint-spec and
https://fly.io/docs/reference/configuration/.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import SETTINGS, setting_from
from tests.browser.server import ROOT
from tests.deploy.dockerfile import config_of, steps_of
from tests.deploy.targets import NO_PATH_NAMED, Place, load

HERE = Place(ROOT, ROOT, ROOT, ROOT)
BIN = Path(sys.executable).parent
APP_JSON = {
    "": {"name", "description", "keywords", "env", "formation"},
    "env": {"description", "required", "value"},
    "formation": {"quantity", "size"},
}
RAILWAY = {
    "": {"$schema", "build", "deploy"},
    "build": {"builder", "dockerfilePath"},
    "deploy": {"startCommand", "healthcheckPath", "healthcheckTimeout", "restartPolicyType"},
}
RENDER = {"type", "name", "runtime", "plan", "buildCommand", "startCommand", "healthCheckPath"}
FLY = {
    "": {"app", "kill_signal", "kill_timeout", "build", "env", "http_service", "vm"},
    "http_service": {
        *("internal_port", "force_https", "auto_stop_machines", "auto_start_machines"),
        *("min_machines_running", "checks"),
    },
    "checks": {"method", "path", "grace_period", "interval", "timeout"},
    "vm": {"size", "memory"},
}
SPACE = {"title", "emoji", "colorFrom", "colorTo", "sdk", "app_port", "base_path", "license"}
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
PREPARE = ROOT / "deploy/huggingface/prepare.sh"
IMAGE = config_of(steps_of(ROOT / "Dockerfile"))
CONTAINER: Any = next(
    one["spec"]["template"]["spec"]["containers"][0]
    for one in yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text())
    if one["kind"] == "Deployment"
)
COMPOSE = load(HERE, "compose.yaml")["services"]["web"]
(SERVICE,) = load(HERE, "render.yaml")["services"]


def check(*command: str) -> None:
    """Run a tool of the development environment; what it says is in the failure."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- form -----------------------------------------------------------------------------------------


def test_the_dockerfile_passes_hadolint() -> None:
    check("hadolint", "Dockerfile")


def test_compose_yaml_has_the_form_of_its_schema() -> None:
    check("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_kubernetes_accepts_its_objects() -> None:
    check("kubernetes-validate", "--strict", "deploy/kubernetes.yaml")
    kinds = [one["kind"] for one in yaml.safe_load_all(Path("deploy/kubernetes.yaml").read_text())]
    assert kinds == ["Deployment", "Service", "HorizontalPodAutoscaler"]


def test_app_json_has_keys_that_heroku_knows() -> None:
    file = load(HERE, "app.json")
    assert file.keys() == APP_JSON[""]
    assert len(file["description"]) <= 140
    assert all(entry.keys() <= APP_JSON["env"] for entry in file["env"].values())
    assert file["formation"]["web"].keys() == APP_JSON["formation"]


def test_railway_json_has_keys_that_railway_knows() -> None:
    file = load(HERE, "railway.json")
    assert file["$schema"] == "https://railway.com/railway.schema.json"
    assert file.keys() == RAILWAY[""]
    assert all(file[name].keys() == RAILWAY[name] for name in ("build", "deploy"))
    assert (ROOT / file["build"]["dockerfilePath"]).is_file()


def test_render_yaml_has_keys_that_render_knows() -> None:
    assert SERVICE.keys() == RENDER | {"envVars"}
    assert (SERVICE["type"], SERVICE["runtime"]) == ("web", "python")
    assert SERVICE["buildCommand"] == "pip install -r requirements.txt"


def test_fly_toml_has_keys_that_fly_knows() -> None:
    file = load(HERE, "fly.toml")
    assert file.keys() == FLY[""]
    assert file["http_service"].keys() == FLY["http_service"]
    assert all(check.keys() == FLY["checks"] for check in file["http_service"]["checks"])
    assert all(vm.keys() == FLY["vm"] for vm in file["vm"])
    assert file["http_service"]["auto_stop_machines"] in ("off", "stop", "suspend")


def test_the_head_of_the_space_has_keys_that_hugging_face_knows() -> None:
    _, head, _ = (ROOT / "deploy/huggingface/README.md").read_text().split("---\n", 2)
    fields = yaml.safe_load(head)
    assert fields.keys() == SPACE | {"short_description"}
    assert fields["sdk"] == "docker"
    assert {fields["colorFrom"], fields["colorTo"]} <= COLOURS
    assert len(fields["short_description"]) <= 60
    assert str(fields["app_port"]) == IMAGE.environment["PORT"]


# --- agreement ------------------------------------------------------------------------------------

ENVIRONMENTS = {
    "app.json": {n: e.get("value", "") for n, e in load(HERE, "app.json")["env"].items()},
    "render.yaml": {entry["key"]: entry["value"] for entry in SERVICE["envVars"]},
    "fly.toml": load(HERE, "fly.toml")["env"],
    "compose.yaml": dict.fromkeys(COMPOSE["environment"], ""),
    "kubernetes.yaml": {entry["name"]: entry["value"] for entry in CONTAINER["env"]},
    "Dockerfile": IMAGE.environment,
    "prepare.sh": dict(
        re.findall(
            r"(?:ENV|^   ) ([A-Z_]+)=(\S+)", Path("deploy/huggingface/prepare.sh").read_text(), re.M
        )
    ),
}
OF_OTHERS = {  # variables of gunicorn, Python and the system
    *("GUNICORN_CMD_ARGS", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "TMPDIR")
}


@pytest.mark.parametrize("file", ENVIRONMENTS)
def test_the_variables_of_a_file_are_settings_with_values_that_are_wanted(file: str) -> None:
    variables = ENVIRONMENTS[file]
    assert variables
    assert variables.keys() - OF_OTHERS <= SETTINGS.keys()
    for name in variables.keys() - OF_OTHERS:
        setting_from(variables, name)


def test_the_button_explains_each_variable_in_the_words_of_the_settings() -> None:
    for name, entry in load(HERE, "app.json")["env"].items():
        assert entry["description"] == f"{SETTINGS[name].meaning}: {SETTINGS[name].wanted}"


def test_the_ports_within_a_file_are_one() -> None:
    fly = load(HERE, "fly.toml")
    assert fly["env"]["PORT"] == str(fly["http_service"]["internal_port"])
    (port,) = CONTAINER["ports"]
    assert ENVIRONMENTS["kubernetes.yaml"]["PORT"] == str(port["containerPort"])
    assert COMPOSE["ports"] == [f"${{PORT:-8000}}:{IMAGE.environment['PORT']}"]
    (exposed,) = [step for step in steps_of(ROOT / "Dockerfile") if step.instruction == "EXPOSE"]
    assert exposed.value == IMAGE.environment["PORT"]


def test_every_place_names_one_version_of_python() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    steps = steps_of(ROOT / "Dockerfile")
    bases = {step.value.split()[0] for step in steps if step.instruction == "FROM"}
    assert {re.split("[:-]", base)[1] for base in bases} == {version}


def test_every_file_starts_the_checked_command() -> None:
    """A wrong setting is one line then, and not a traceback of gunicorn."""
    wanted = ["python", "app/settings.py", "gunicorn", "app.asgi:create_app()"]
    assert IMAGE.command == wanted
    lines = [
        (ROOT / "Procfile").read_text(),
        SERVICE["startCommand"],
        json.loads((ROOT / "railway.json").read_text())["deploy"]["startCommand"],
    ]
    for line in lines:
        assert " ".join(wanted) in re.sub("['\"]", "", line)


def test_the_container_has_no_rights_that_it_does_not_need() -> None:
    security = CONTAINER["securityContext"]
    assert security["readOnlyRootFilesystem"] is COMPOSE["read_only"] is True
    assert security["capabilities"]["drop"] == COMPOSE["cap_drop"] == ["ALL"]
    assert IMAGE.user.split(":")[0] == "1000"
    assert CONTAINER["resources"].keys() == {"requests", "limits"}
    assert CONTAINER["livenessProbe"]["httpGet"]["path"] == "/live"
    assert CONTAINER["readinessProbe"]["httpGet"]["path"] in NO_PATH_NAMED

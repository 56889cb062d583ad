"""A builder without a compiler: it writes a tiny wheel, or a log and an error."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whichext.build.frontend import Wheel, WheelBuildError
from whichext.model.outcome import Tool


def write_wheel(folder: Path, module: str, code: str = "ANSWER = 42\n") -> Path:
    """A valid wheel of one module, RECORD included."""
    info = f"{module}-1.0.dist-info"
    files = {
        f"{module}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},{_digest(text)},{len(text.encode())}" for name, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class Call:
    """What the fake was asked to build."""

    source: Path
    environment: dict[str, str]


@dataclass
class FakeBuilder:
    """A `Builder` that remembers its calls; `logs` says which sources fail, and with what log."""

    logs: Mapping[str, str] = field(default_factory=dict)
    """What a build prints before it fails, by the name of the source folder."""
    meanwhile: Callable[[Path], None] = lambda _source: None
    """What the backend does in the source folder while it builds."""
    calls: list[Call] = field(default_factory=list)

    def __call__(
        self, source: Path, wheel_folder: Path, environment: Mapping[str, str], log: Path
    ) -> Wheel:
        """Build as the protocol says."""
        self.calls.append(Call(source, dict(environment)))
        self.meanwhile(source)
        if source.name in self.logs:
            text = self.logs[source.name].format(source=source)
            if text:  # a builder need not write anything
                log.write_text(text, "utf-8")
            raise WheelBuildError(f"{source.name} failed")
        return Wheel(write_wheel(wheel_folder, source.name), (Tool("fake-backend", "7.1"),))

"""How a model is asked: prompt files -> Prompt. Law: a released file never changes; what stands in a blank is data and cannot end the block it stands in.

prompts/manifest.yaml          per prompt id the active version, and the sha256 of every released file
prompts/<id>.v<version>.md     front matter (id, version, inputs, output, temperature), then "# system" and "# user", blanks written {{name}}
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.llm.chat import Prompt

_FRONT = re.compile(r"\A---\n(.*?)\n---\n+# system\n(.*?)\n# user\n(.*)\Z", re.DOTALL)
_BLANK = re.compile(r"\{\{([a-z_]+)\}\}")
_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})
"""The brackets that mark where data begin and end, in the full-width form that folds back to them: no data can write the mark that ends it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Front(_Strict):
    id: str
    version: int = Field(ge=1)
    inputs: tuple[str, ...]
    output: Literal["json", "text"]
    temperature: float = Field(ge=0, le=2)


class _Released(_Strict):
    active: int = Field(ge=1)
    files: Mapping[str, str]
    """File name -> sha256 of its bytes."""


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One prompt as it was released."""

    id: str
    version: int
    inputs: tuple[str, ...]
    output: Literal["json", "text"]
    temperature: float
    system: str
    user: str
    sha256: str

    def said(self, inputs: Mapping[str, str]) -> str:
        """The user's part with its blanks filled. UserError `prompt_inputs` when a blank has no input or an input no blank."""
        if set(inputs) != set(self.inputs):
            raise UserError("prompt_inputs", prompt=self.id, wanted=", ".join(self.inputs), given=", ".join(sorted(inputs)))
        return _BLANK.sub(lambda blank: inputs[blank[1]].translate(_HARMLESS), self.user).strip()

    def prompt(
        self,
        inputs: Mapping[str, str],
        examples: tuple[tuple[str, str], ...] = (),
        schema: Mapping[str, object] | None = None,
        codes: tuple[str, ...] = (),
    ) -> Prompt:
        """The words of one call. `examples`: (user, assistant) pairs, the first of each made by `said`; `codes`: the catalog codes in the inputs. UserError as `said`."""
        return Prompt(self.system.strip(), self.said(inputs), examples, schema, self.id, self.version, self.sha256, self.temperature, codes)


def load_prompts(folder: Path | None = None) -> Mapping[str, PromptFile]:
    """The active prompts by id (None: those of the project). UserError `prompt_file` names file and fault: an unknown key, a file that is not in the manifest
    or is not as it was released."""
    place = folder or data_room("prompts")
    try:
        manifest = yaml.load((place / "manifest.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        released = {str(name): _Released.model_validate(entry) for name, entry in dict(manifest).items()}
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise UserError("prompt_file", file="manifest.yaml", fault=str(error)) from error
    known = {file for entry in released.values() for file in entry.files}
    strange = sorted(path.name for path in place.glob("*.md") if path.name not in known)
    if strange:
        raise UserError("prompt_file", file=strange[0], fault="not in the manifest")
    found: dict[str, PromptFile] = {}
    for name, entry in released.items():
        for file, digest in entry.files.items():
            loaded = _load(place / file)
            if loaded.sha256 != digest:
                raise UserError("prompt_file", file=file, fault="not as it was released")
            if loaded.id == name and loaded.version == entry.active:
                found[name] = loaded
        if name not in found:
            raise UserError("prompt_file", file="manifest.yaml", fault=f"{name} has no version {entry.active}")
    return found


def _load(path: Path) -> PromptFile:
    try:
        data = path.read_bytes()
        parts = _FRONT.match(data.decode("utf-8"))
        if parts is None:
            raise ValueError("front matter, # system and # user are expected")
        front = _Front.model_validate(yaml.load(parts[1], Loader=yaml.CSafeLoader))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UserError("prompt_file", file=path.name, fault=str(error)) from error
    system, user = parts[2], parts[3]
    if _BLANK.search(system):
        raise UserError("prompt_file", file=path.name, fault="a blank in the system part")
    if set(_BLANK.findall(user)) != set(front.inputs):
        raise UserError("prompt_file", file=path.name, fault="the blanks are not the inputs")
    if path.name != f"{front.id}.v{front.version}.md":
        raise UserError("prompt_file", file=path.name, fault="named otherwise than its id and version")
    return PromptFile(
        front.id, front.version, front.inputs, front.output, front.temperature, system, user, hashlib.sha256(data).hexdigest()
    )

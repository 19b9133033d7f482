"""The three laws of the house: gates, floors, doors. Read from the source by its syntax tree, so that no import has to happen."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"

GATES = {
    "ValidatedRule": "assistant/validation/validate.py",
    "GuardedQuery": "assistant/sql/guard.py",
    "GroundedNarrative": "assistant/narrate/grounding.py",
}
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "settings"}),
    frozenset({"rule", "facts", "language", "policy", "catalog", "llm", "store", "demo"}),
    frozenset({"interpret", "validation", "sql", "engines", "insight", "narrate"}),
    frozenset({"pipeline"}),
    frozenset({"evaluate", "app"}),
)
ORDER = (
    "errors", "settings", "rule", "facts", "policy", "language", "catalog", "llm", "store", "demo",
    "interpret", "validation", "sql", "engines", "insight", "narrate", "pipeline", "evaluate", "app",
)  # fmt: skip
DOORS: dict[str, tuple[str, ...]] = {
    "langchain": ("llm",),
    "langchain_core": ("llm",),
    "langchain_openai": ("llm",),
    "openai": ("llm",),
    "langsmith": ("llm",),
    "httpx2": ("llm",),
    "sqlglot": ("sql",),
    "duckdb": ("engines", "demo"),
    "pyspark": ("engines",),
    "sqlalchemy": ("store",),
    "plotly": ("app/charts", "app/ui"),
    "openpyxl": ("app/export",),
    "gradio": ("app",),
    "fastapi": ("app",),
    "starlette": ("app",),
    "uvicorn": ("app",),
    "mcp": ("app/mcp",),
    "http": ("app/webhook",),
    "socket": ("app/webhook",),
    "typer": ("app",),
    "click": ("app",),
    "pydantic_settings": ("settings.py",),
    "pandas": (),
}
ENVIRONMENT = ("assistant/settings.py", "assistant/app/ui/__init__.py")
IMPORT_THEIR_TOOLS = ("assistant/app/cli.py", "assistant/app/commands/")
HEAVY = (
    "gradio",
    "langchain",
    "langchain_core",
    "openai",
    "httpx2",
    "pandas",
    "pyspark",
    "plotly",
    "scipy",
    "numpy",
    "openpyxl",
    "fastapi",
    "uvicorn",
    "mcp",
)


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(PACKAGE.rglob("*.py")))


def room(name: str) -> str:
    """The room of a file or a module: its first part below the package."""
    return name.removeprefix("assistant").lstrip("./").replace(".py", "").replace("/", ".").split(".")[0]


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node, name.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            if node.module == "assistant":
                for name in node.names:
                    yield node, f"assistant.{name.name}"
            else:
                yield node, node.module


def called(node: ast.Call) -> str:
    """The last name of what is called: ValidatedRule in verdict.ValidatedRule(...)."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


# gates


@pytest.mark.parametrize("passed", GATES)
def test_only_the_gate_makes_what_has_passed_it(passed: str) -> None:
    makers = {name for name, tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == passed}
    assert makers == {GATES[passed]}


def annotated(tree: ast.AST) -> dict[str, str]:
    """Names of a file that are annotated as something that has passed a gate."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            kind = ast.unparse(node.annotation)
            name = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
            if kind in GATES:
                found[name] = kind
    return found


def test_nothing_that_has_passed_a_gate_is_changed_afterwards() -> None:
    """No replace(x, ...) or x.model_copy(...) of a name that is annotated as ValidatedRule, GuardedQuery or GroundedNarrative."""
    offences = []
    for name, tree in sources():
        passed = annotated(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            subject: ast.expr | None = None
            if called(node) in ("replace", "copy", "deepcopy") and node.args:
                subject = node.args[0]
            elif called(node) in ("model_copy", "model_construct", "__replace__") and isinstance(node.func, ast.Attribute):
                subject = node.func.value
            words = "" if subject is None else ast.unparse(subject)
            if words in passed or words in GATES or words.endswith((".validated", ".guarded")):
                offences.append(f"{name}:{node.lineno} {ast.unparse(node)[:80]}")
    assert not [one for one in offences if one.split(":")[0] not in GATES.values()]


def test_object_new_and_setattr_go_round_no_gate() -> None:
    offences = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("object.__new__", "object.__setattr__")
    ]
    assert not offences


# floors


def test_every_room_is_on_a_floor_and_in_the_order() -> None:
    rooms = {room(name) for name, _ in sources()} - {"__init__", "__main__"}
    assert rooms <= set(ORDER)
    assert set().union(*FLOORS) == set(ORDER)


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def test_a_room_imports_only_rooms_before_it() -> None:
    offences = []
    for name, tree in sources():
        here = room(name)
        if here in ("__init__", "__main__"):
            continue
        for node, module in imports(tree):
            there = room(module)
            if module.split(".")[0] == "assistant" and there != here and floor(there) > floor(here):
                offences.append(f"{name}:{node.lineno} imports {module}")
    assert not offences


def test_rooms_of_one_floor_do_not_import_each_other_in_a_circle() -> None:
    edges: dict[str, set[str]] = {one: set() for one in ORDER}
    for name, tree in sources():
        here = room(name)
        if here in edges:
            edges[here] |= {room(module) for _, module in imports(tree) if module.startswith("assistant.")} - {here}
    done: set[str] = set()
    while len(done) < len(edges):
        free = {one for one, needed in edges.items() if one not in done and needed <= done}
        assert free, f"a circle among {sorted(set(edges) - done)}"
        done |= free


def test_settings_are_read_by_the_wiring_alone() -> None:
    readers = {name for name, tree in sources() for _, module in imports(tree) if module == "assistant.settings"}
    assert all(room(name) in ("app", "__init__") for name in readers)


def test_own_code_is_imported_at_the_top() -> None:
    offences = []
    for name, tree in sources():
        if name.startswith(IMPORT_THEIR_TOOLS):
            continue
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                offences += [f"{name}:{node.lineno} {module}" for node, module in imports(function)]
    assert not offences


def test_a_module_is_imported_by_name_in_the_wiring_alone() -> None:
    """What is heavy and seldom wanted (a model) is chosen there; nowhere else is an import hidden from these tests."""
    importers = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in ("import_module", "__import__")
    }
    assert importers <= {"assistant/app/build.py"}


def test_the_command_line_starts_without_what_it_does_not_need() -> None:
    script = f"import sys, assistant.app.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


# doors


@pytest.mark.parametrize("library", DOORS)
def test_each_outside_world_has_one_door(library: str) -> None:
    offences = []
    for name, tree in sources():
        if any(module.split(".")[0] == library for _, module in imports(tree)):
            inside = name.removeprefix("assistant/")
            if not any(inside == door or inside.startswith(f"{door}/") for door in DOORS[library]):
                offences.append(name)
    assert not offences


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"))
        or (isinstance(node, ast.alias) and node.name in ("environ", "getenv"))
    }
    assert readers <= set(ENVIRONMENT)


# habits


def test_broad_except_stands_at_the_rims_in_the_guard_and_at_the_thread_of_a_model_alone() -> None:
    """A model's library may raise anything at all, and what ends a thread reaches nobody: there it becomes a value."""
    allowed = {"assistant/app/rim.py", "assistant/app/cli.py", "assistant/sql/guard.py", "assistant/llm/worker.py"}
    broad = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    }
    assert broad <= allowed


def test_no_keyword_bags_and_no_globals() -> None:
    """**kwargs hides what a function takes; only the errors' params are one by design."""
    offences = []
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Global | ast.Nonlocal):
                offences.append(f"{name}:{node.lineno} {type(node).__name__}")
    assert not offences


def test_every_module_says_its_duty() -> None:
    assert not [name for name, tree in sources() if not ast.get_docstring(tree)]


def test_nothing_is_left_to_do() -> None:
    unfinished = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    offences = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in PACKAGE.rglob("*.py")
        for word in unfinished
        if word in path.read_text(encoding="utf-8")
    ]
    assert not offences


def test_tests_mirror_the_code() -> None:
    """A test file stands where the code it proves stands, or at the top for what concerns the whole house."""
    whole = {"test_house", "test_exports", "test_readme"}
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()} | {path.stem for path in PACKAGE.glob("*.py")}
    strays = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        parts = path.relative_to(ROOT / "tests").parts
        if len(parts) == 1 and path.stem not in whole and path.stem.removeprefix("test_") not in rooms:
            strays.append(path.name)
        if len(parts) > 1 and parts[0] not in rooms:
            strays.append("/".join(parts))
    assert not strays

"""Lint: the real catalog is clean, and each fault is found where it stands."""

from __future__ import annotations

import re
import shutil
import string
from pathlib import Path

import pytest
import yaml

from assistant.catalog.lint import LintFinding, lint, sentence
from assistant.catalog.load import DEFAULT_BANK, data_room
from assistant.catalog.model import Language
from assistant.catalog.spelling import fold

LANGUAGE = Path(__file__).resolve().parents[2] / "assistant" / "language"
SOURCES = sorted((Path(__file__).resolve().parents[2] / "assistant" / "catalog" / "lint").glob("*.py"))

CATALOG = """
bank: {zh: 小银行, en: Small bank}
version: "1"
customer_table: tags
snapshot_column: snapshot_date
organisation_tag: home_org
base_population: {rule: {tag: vip, value: false}, name: {zh: 全部客户, en: all customers}}
history_from: 2025-07-31
levels: [{zh: 总行, en: head office}]
level_words: {}
organisation:
  - {code: "0000", name: {zh: 总行, en: Head office}, level: 0}
subjects:
  - {code: profile, label: {zh: 基础属性, en: Profile}}
"""
TAGS = """
- code: home_org
  name: {zh: 归属机构, en: Home organisation}
  definition: {zh: 归属机构。, en: Who owns the customer.}
  owner: DP
  type: enum
  values_from: organisation
- code: balance
  name: {zh: 存款余额, en: Deposit balance}
  aliases: {zh: [存款], en: [deposits]}
  definition: {zh: 余额。, en: The balance.}
  owner: DEP
  type: decimal
  unit: CNY
  plausible: [0, 1000]
  bands: [1, 2, 3]
  null_means: zero
- code: tier
  name: {zh: 客户等级, en: Tier}
  definition: {zh: 等级。, en: The tier.}
  owner: MKT
  type: enum
  values:
    - {code: T1, rank: 1, label: {zh: 普通, en: Mass}}
    - {code: T2, rank: 2, label: {zh: 金卡, en: Gold}}
- code: vip
  name: {zh: 贵宾标志, en: VIP flag}
  definition: {zh: 贵宾。, en: A VIP.}
  owner: MKT
  type: flag
  null_means: "false"
"""
RECORDS = """
- code: visit
  name: {zh: 专区浏览, en: Zone visit}
  aliases: {zh: [逛专区], en: [zone views]}
  definition: {zh: 一次一条。, en: One record each time.}
  owner: DIG
  table: record_visit
  date_column: day
  default_window: {kind: rolling, unit: day, n: 30}
  history_from: 2025-07-01
  exposure: {tag: vip, value: true}
  actions: {zh: ["浏览{zone}专区"], en: ["browsed {zone} pages"]}
  amount: cost
  properties:
    - {code: cost, name: {zh: 费用, en: Cost}, type: decimal, unit: CNY, plausible: [0, 9]}
    - code: zone
      name: {zh: 专区, en: Zone}
      type: enum
      values:
        - {code: wealth, label: {zh: 理财, en: wealth}}
        - {code: loan, label: {zh: 贷款, en: loan}}
"""
CONCEPTS = """
- code: active
  name: {zh: 活跃客户, en: Active customer}
  definition: {zh: 近期来过。, en: Came lately.}
  owner: DIG
  effective_from: 2024-01-01
  parameters:
    days: {default: 30, unit: days, low: 1, high: 90, name: {zh: 天数, en: days}}
  window_parameter: days
  rule: {records: visit, where: {zone: [wealth]}, window: "rolling $days day"}
"""
WORDS = """
ambiguous:
  - words: {zh: [好客户], en: [good customers]}
    question: {zh: 哪种？, en: Which?}
    readings:
      - {label: {zh: 活跃, en: active}, node: {concept: active}}
      - {label: {zh: 等级, en: tier}, tag: tier}
inexpressible:
  - words: {zh: [星座], en: [zodiac sign]}
    reason: {zh: 没有。, en: Not known.}
    nearest: [tier]
"""
HOLIDAYS = "{first_year: 2026, last_year: 2026, holidays: {}, names: {}}"

FILES = {
    "catalog.yaml": CATALOG,
    "tags/profile.yaml": TAGS,
    "records/profile.yaml": RECORDS,
    "concepts.yaml": CONCEPTS,
    "words.yaml": WORDS,
    "holidays.yaml": HOLIDAYS,
    "policy.yaml": (data_room("tag_catalog") / DEFAULT_BANK / "policy.yaml").read_text(encoding="utf-8"),
}


def folder(place: Path, **changes: str) -> Path:
    """The small bank with one file's text changed; keys name the file, `/` and `.yaml` left out."""
    for name, text in FILES.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changes.get(name.split(".")[0].replace("/", "_"), text), encoding="utf-8")
    return place


def faults(place: Path, file: str, old: str, new: str) -> list[LintFinding]:
    """What lint finds when `old` is replaced by `new` in one file of the small bank."""
    assert old in FILES[file]
    key = file.split(".")[0].replace("/", "_")
    return list(lint(folder(place, **{key: FILES[file].replace(old, new)})))


def test_the_real_catalog_has_no_fault() -> None:
    found = lint(data_room("tag_catalog") / DEFAULT_BANK)
    assert [f"{finding.file}:{finding.line} {finding.element} {finding.code} {dict(finding.params)}" for finding in found] == []


def test_the_small_bank_has_no_fault(tmp_path: Path) -> None:
    assert lint(folder(tmp_path)) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "element"),
    [
        ("tags/profile.yaml", "code: tier", "code: balance", "code_repeated", "balance"),
        ("tags/profile.yaml", "  unit: CNY\n  plausible", "  plausible", "unit_missing", "balance"),
        ("tags/profile.yaml", "[0, 1000]", "[1000, 0]", "plausible_reversed", "balance"),
        ("tags/profile.yaml", "[1, 2, 3]", "[1, 3, 3]", "bands_not_ascending", "balance"),
        ("tags/profile.yaml", "  type: flag\n", "  type: flag\n  bands: [1]\n", "not_a_number", "vip"),
        ("tags/profile.yaml", '"false"', "zero", "null_senseless", "vip"),
        ("tags/profile.yaml", '"false"', '"false"\n  tense: future', "tense_senseless", "vip"),
        ("tags/profile.yaml", "null_means: zero", 'null_means: "false"', "null_senseless", "balance"),
        ("tags/profile.yaml", "  owner: DEP\n", "", "unowned", "balance"),
        ("tags/profile.yaml", "  owner: DEP\n", "  owner: XX\n", "schema", "balance"),
        ("tags/profile.yaml", "{zh: 存款余额, en: Deposit balance}", "{zh: 存款余额}", "language_missing", "balance"),
        ("tags/profile.yaml", "{zh: 余额。, en: The balance.}", '{zh: 余额。, en: ""}', "language_missing", "balance"),
        ("tags/profile.yaml", "en: The balance.", "en: The 余额.", "wrong_language", "balance"),
        ("tags/profile.yaml", "zh: 余额。", "zh: Balance.", "wrong_language", "balance"),
        ("tags/profile.yaml", "{zh: [存款], en: [deposits]}", "{zh: [存款]}", "words_one_language", "balance"),
        ("tags/profile.yaml", "[存款]", "[存款, 存 款, 存款]", "word_repeated", "balance"),
        ("tags/profile.yaml", "[存款]", "[没存款]", "alias_carries_condition", "balance"),
        ("tags/profile.yaml", "[存款]", "[5万存款]", "alias_carries_condition", "balance"),
        ("tags/profile.yaml", "[deposits]", "[no deposits]", "alias_carries_condition", "balance"),
        ("tags/profile.yaml", "[deposits]", "['deposits > x']", "alias_carries_condition", "balance"),
        ("tags/profile.yaml", "rank: 2, ", "", "ranks_incomplete", "tier"),
        ("tags/profile.yaml", "code: T2", "code: T1", "value_repeated", "tier"),
        ("tags/profile.yaml", "  owner: MKT\n  type: enum", "  owner: MKT\n  edges: [1, 2]\n  type: enum", "edges_unfit", "tier"),
        ("tags/profile.yaml", "zh: 金卡", "zh: ＭＡＳＳ", "value_collision", "tier"),
        ("tags/profile.yaml", "{code: T2,", "{code: T2, parent: T9,", "parent_unknown", "tier"),
        ("tags/profile.yaml", "type: flag", "type: enum", "enum_without_values", "vip"),
        ("tags/profile.yaml", "  owner: MKT\n  type: enum", "  owner: MKT\n  type: integer\n  unit: none", "values_without_enum", "tier"),
        ("tags/profile.yaml", "[存款]", "[专区浏览]", "word_collision", "visit"),
        ("tags/profile.yaml", "[存款]", "[浏览理财专区]", "word_collision", "visit"),
        ("tags/profile.yaml", "[存款]", "[瀏覽理財專區]", "word_collision", "visit"),
        ("tags/profile.yaml", "[deposits]", "[Active-customers]", "word_collision", "active"),
        ("tags/profile.yaml", "[存款]", "[好客户]", "special_word_collision", "好客户/good customers"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  roll_up_of: nothing", "code_unknown", "vip"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  derived_from: [nothing]", "code_unknown", "vip"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  held_by: tier", "code_unknown", "vip"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  made_of: [nothing]", "code_unknown", "vip"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  made_of: [vip]", "made_of_itself", "vip"),
        ("records/profile.yaml", "amount: cost", "amount: cost\n  first_date_tag: vip", "first_date_not_made_of", "visit"),
        ("records/profile.yaml", "plausible: [0, 9]}", "plausible: [0, 9], recorded_by: nothing}", "code_unknown", "visit"),
        (
            "tags/profile.yaml",
            "  type: flag",
            "  type: flag\n  confusable_with: [{code: nothing, ask: {zh: 哪个？, en: Which?}}]",
            "code_unknown",
            "vip",
        ),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  type: flag", "key_repeated", "type"),
        ("tags/profile.yaml", "  type: flag", "  type: flag\n  colour: red", "schema", "vip"),
        ("records/profile.yaml", "浏览{zone}专区", "浏览{area}专区", "slot_unknown", "visit"),
        ("records/profile.yaml", "浏览{zone}专区", "浏览{cost}专区", "slot_without_values", "visit"),
        ("records/profile.yaml", "浏览{zone}专区", "浏览{zone专区", "slot_unknown", "visit"),
        ("records/profile.yaml", '["浏览{zone}专区"]', '["浏览{zone}专区", 浏览理财专区]', "phrase_ambiguous", "visit"),
        ("records/profile.yaml", "amount: cost", "amount: zone", "property_unknown", "visit"),
        ("records/profile.yaml", "amount: cost", "amount: cost\n  grain: day", "property_unknown", "visit"),
        ("records/profile.yaml", "amount: cost", "amount: cost\n  grain: state", "validity_missing", "visit"),
        (
            "records/profile.yaml",
            "amount: cost",
            "amount: cost\n  dated_actions: {cost: {zh: [到期], en: [due]}}",
            "property_unknown",
            "visit",
        ),
        ("records/profile.yaml", "  date_column: day\n", "", "date_missing", "visit"),
        ("records/profile.yaml", "  default_window: {kind: rolling, unit: day, n: 30}\n", "", "window_missing", "visit"),
        ("records/profile.yaml", "  history_from: 2025-07-01\n", "", "history_missing", "visit"),
        ("records/profile.yaml", "code: zone", "code: cost", "property_repeated", "visit"),
        ("records/profile.yaml", "{zh: 专区, en: Zone}", "{zh: 费用, en: Zone}", "property_collision", "visit"),
        ("records/profile.yaml", "{tag: vip, value: true}", "{tag: nothing, value: true}", "rule_unknown", "visit"),
        ("concepts.yaml", "records: visit", "records: nothing", "rule_unknown", "active"),
        ("concepts.yaml", "{zone: [wealth]}", "{area: [wealth]}", "rule_unknown", "active"),
        ("concepts.yaml", "{zone: [wealth]}", "{zone: [gold]}", "rule_value", "active"),
        ("concepts.yaml", "{zone: [wealth]}", "{zone: 5}", "rule_type", "active"),
        ("concepts.yaml", "{zone: [wealth]}", "{zone: {operator: '>', value: wealth}}", "rule_order", "active"),
        ("concepts.yaml", "rolling $days day", "rolling $weeks week", "parameter_unknown", "active"),
        ("concepts.yaml", "rolling $days day", "rolling 30 day", "parameter_unused", "active"),
        (
            "concepts.yaml",
            "name: {zh: 天数, en: days}}",
            "name: {zh: 天数, en: days}}\n    weeks: {default: 1, unit: none, name: {zh: 周数, en: Days}}",
            "parameter_collision",
            "active",
        ),
        ("concepts.yaml", "rolling $days day", "lately", "rule_unreadable", "active"),
        ("concepts.yaml", "default: 30", "default: 300", "parameter_out_of_bounds", "active"),
        ("concepts.yaml", "window_parameter: days", "window_parameter: weeks", "parameter_unknown", "active"),
        ("concepts.yaml", "  window_parameter", "  negation: {tag: vip, value: false}\n  window_parameter", "negation_unnamed", "active"),
        ("concepts.yaml", "  window_parameter", "  negation: {concept: active}\n  window_parameter", "concept_cycle", "active"),
        ("concepts.yaml", "  effective_from: 2024-01-01\n", "", "effective_from_missing", "active"),
        ("words.yaml", "{concept: active}", "{concept: nothing}", "rule_unknown", "好客户/good customers"),
        ("words.yaml", "{concept: active}", "{concept: active, parameters: {weeks: 3}}", "rule_unknown", "好客户/good customers"),
        ("words.yaml", "tag: tier}", "tag: nothing}", "code_unknown", "好客户/good customers"),
        ("words.yaml", ", tag: tier}", "}", "reading_unclear", "好客户/good customers"),
        ("words.yaml", "nearest: [tier]", "nearest: [nothing]", "code_unknown", "星座/zodiac sign"),
        ("words.yaml", "[星座]", "[好客户]", "special_word_collision", "好客户/zodiac sign"),
        ("catalog.yaml", "code: profile", "code: other", "subject_unknown", "vip"),
        ("catalog.yaml", "organisation_tag: home_org", "organisation_tag: nothing", "code_unknown", "catalog.yaml"),
        ("catalog.yaml", "organisation_tag: home_org", "organisation_tag: home_org\nmatched_on: [nothing]", "code_unknown", "catalog.yaml"),
        ("catalog.yaml", "organisation_tag: home_org", "organisation_tag: home_org\nactivity_tag: nothing", "code_unknown", "catalog.yaml"),
        ("catalog.yaml", "level: 0}", 'level: 0, parent: "9"}', "parent_unknown", "catalog.yaml"),
        (
            "catalog.yaml",
            "level: 0}",
            "level: 0}\n  - {code: '0001', name: {zh: 总行, en: Second office}, level: 0}",
            "value_collision",
            "catalog.yaml",
        ),
        ("catalog.yaml", "{tag: vip, value: false}", "{tag: vip, value: 3}", "rule_type", "catalog.yaml"),
    ],
)
def test_a_fault_is_found_with_its_element(tmp_path: Path, file: str, old: str, new: str, code: str, element: str) -> None:
    found = faults(tmp_path, file, old, new)
    assert (code, element) in {(finding.code, finding.element) for finding in found}


def test_a_fault_names_file_and_line(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, "tags/profile.yaml", "[1, 2, 3]", "[3, 2, 1]")
    lines = (tmp_path / "tags/profile.yaml").read_text(encoding="utf-8").splitlines()
    assert finding.file == "tags/profile.yaml"
    assert "bands" in lines[finding.line - 1]


def test_a_fault_of_the_policy_is_found_where_it_stands(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, "policy.yaml", "[read_audit, manage_users]", "[read_everything]")
    assert (finding.file, finding.code) == ("policy.yaml", "schema")
    assert "read_everything" in (tmp_path / "policy.yaml").read_text(encoding="utf-8").splitlines()[finding.line - 1]


def test_lint_goes_on_after_the_first_fault(tmp_path: Path) -> None:
    broken = TAGS.replace("  owner: DEP\n", "").replace("type: flag", "type: flog").replace("rank: 2, ", "")
    found = lint(folder(tmp_path, tags_profile=broken))
    assert {"unowned", "schema", "ranks_incomplete"} <= {finding.code for finding in found}
    assert list(found) == sorted(
        found, key=lambda finding: (finding.file, finding.line, finding.element, finding.code, str(finding.params))
    )


@pytest.mark.parametrize("text", ["[", "- {code: a, code: b", "\t- x", "- *unknown"])
def test_a_file_that_is_no_yaml_is_a_finding(tmp_path: Path, text: str) -> None:
    found = lint(folder(tmp_path, tags_profile=text))
    assert any(finding.code == "unreadable" and finding.file == "tags/profile.yaml" and finding.line >= 1 for finding in found)


@pytest.mark.parametrize("text", ["", "7", "{a: b}", "- 7", "- [x]", "- null", "- {code: 5}", '- {code: "坏"}'])
def test_a_file_of_the_wrong_shape_never_raises(tmp_path: Path, text: str) -> None:
    for key in ("tags_profile", "records_profile", "concepts", "words", "catalog", "holidays", "policy"):
        place = tmp_path / key
        lint(folder(place, **{key: text}))
        shutil.rmtree(place)


def test_missing_files_are_findings(tmp_path: Path) -> None:
    assert {finding.file for finding in lint(tmp_path) if finding.code == "unreadable"} == {
        "catalog.yaml",
        "concepts.yaml",
        "holidays.yaml",
        "policy.yaml",
        "words.yaml",
    }


def test_words_fold_over_width_case_traditional_characters_blanks_and_hyphens() -> None:
    assert fold("ＡＰＰ 活躍") == fold("app活跃")
    assert fold("App-active users") == fold("app active  users")
    assert fold("近5-10天") != fold("近510天")


def test_every_code_has_a_message_in_every_language_with_the_same_placeholders() -> None:
    messages = {language: yaml.safe_load((LANGUAGE / language / "lint.yaml").read_text(encoding="utf-8")) for language in ("zh", "en")}
    slots = {
        language: {code: {name for _, name, _, _ in string.Formatter().parse(text) if name} for code, text in found.items()}
        for language, found in messages.items()
    }
    assert slots["zh"] == slots["en"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    given = set(re.findall(r'(?:finding\(\s*|yield |code = |code, params = )"([a-z_]+)"', source)) | {
        "unreadable",
        "key_repeated",
        "not_a_list",
    }
    assert given == set(messages["zh"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_becomes_a_sentence_with_its_parameters(tmp_path: Path, language: Language) -> None:
    broken = TAGS.replace("[deposits]", "[no deposits]").replace("code: T2", "code: T1").replace("  owner: DEP\n", "")
    found = lint(folder(tmp_path, tags_profile=broken))
    assert found
    for finding in found:
        text = sentence(finding, language)
        assert "{" not in text
        assert all(str(value) in text for value in finding.params.values())


FRAMEWORK = """
tracks: [{code: aum, label: {zh: 资产, en: assets}}]
stages: [{code: revenue, label: {zh: 变现, en: revenue}}]
lines: [{code: wealth, label: {zh: 理财, en: wealth}}]
channels: [{code: push, label: {zh: 推送, en: push}}]
exclusions:
  - {code: vips, name: {zh: 贵宾, en: VIPs}, applies: named, rule: {tag: vip, value: true}}
"""
STRATEGY = """
code: first
name: {zh: 首购, en: First purchase}
goal: {zh: 提升首购, en: raise first purchases}
track: aum
line: wealth
stage: revenue
rule: {tag: balance, operator: ">", value: $amount}
parameters:
  amount: {default: 5, low: 1, high: 9, unit: CNY, name: {zh: 余额, en: balance}, why: {zh: 因为, en: because}}
channels: [push]
exclusions: [vips]
playbook: [{zh: 打个电话, en: call them}]
owner: WM
measure: {zh: 首购率, en: first purchases}
days: 30
"""


def strategy_faults(place: Path, old: str, new: str, name: str = "first", framework: str = FRAMEWORK) -> set[tuple[str, str]]:
    """(code, element) of what lint finds when `old` is replaced by `new` in the template."""
    assert old in STRATEGY
    bank = folder(place)
    (bank / "framework.yaml").write_text(framework, encoding="utf-8")
    (bank / "strategies").mkdir()
    (bank / "strategies" / f"{name}.yaml").write_text(STRATEGY.replace(old, new), encoding="utf-8")
    return {(finding.code, finding.element) for finding in lint(bank)}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("track: aum", "track: mau", "code_unknown"),
        ("line: wealth", "line: loans", "code_unknown"),
        ("stage: revenue", "stage: growth", "code_unknown"),
        ("channels: [push]", "channels: [post]", "code_unknown"),
        ("exclusions: [vips]", "exclusions: [none_such]", "code_unknown"),
        ("tag: balance", "tag: none_such", "rule_unknown"),
        ("value: $amount", "value: $sum", "parameter_unknown"),
        ("value: $amount", "value: 5", "parameter_unused"),
        ("打个电话", "保本保息", "promise"),
        ("call them", "打个电话", "wrong_language"),
        ("call them", "a guaranteed return", "promise"),
        ("default: 5,", "default: 50,", "schema"),
        ("owner: WM\n", "", "unowned"),
        ("zh: 提升首购, ", "", "language_missing"),
    ],
)
def test_a_fault_of_a_strategy_template_is_found(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert code in {found for found, _ in strategy_faults(tmp_path, old, new)}


def test_a_strategy_template_without_fault_has_none_and_stands_in_its_own_file(tmp_path: Path) -> None:
    assert strategy_faults(tmp_path / "good", "首购", "首购") == set()
    assert strategy_faults(tmp_path / "moved", "首购", "首购", name="second") == {("strategy_misplaced", "first")}


def test_two_strategy_templates_are_never_called_the_same(tmp_path: Path) -> None:
    bank = folder(tmp_path)
    (bank / "framework.yaml").write_text(FRAMEWORK, encoding="utf-8")
    (bank / "strategies").mkdir()
    for code in ("first", "second"):
        (bank / "strategies" / f"{code}.yaml").write_text(STRATEGY.replace("code: first", f"code: {code}"), encoding="utf-8")
    assert {finding.code for finding in lint(bank)} == {"word_collision"}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("tag: tier", None),
        ("by: line", None),
        ("tag: tier, serves: {T9: [revenue]}", "code_unknown"),
        ("tag: tier, lines: [none_such]", "code_unknown"),
        ("tag: balance", "code_unknown"),
        ("tag: none_such", "code_unknown"),
        ("tag: tier, by: line", "schema"),
    ],
)
def test_what_guided_mode_starts_from_names_what_exists(tmp_path: Path, frame: str, code: str | None) -> None:
    framework = f"{FRAMEWORK}frames: [{{code: one, name: {{zh: 框架, en: frame}}, why: {{zh: 因为, en: because}}, {frame}}}]\n"
    found = {code for code, _ in strategy_faults(tmp_path, "首购", "首购", framework=framework)}
    assert code in found if code else not found


def test_an_exclusion_names_what_exists(tmp_path: Path) -> None:
    assert "rule_unknown" in {
        code for code, _ in strategy_faults(tmp_path, "首购", "首购", framework=FRAMEWORK.replace("tag: vip", "tag: none_such"))
    }

"""The proofs on the command line. Law: each ends with one line of JSON, and with exit code 1 when what it proves does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.app.commands.options import Database, settings_of, with_bar
from assistant.settings import load_settings

evaluation = typer.Typer(no_args_is_help=True, help="Proofs and measurements · 评测")


@evaluation.command("run")
def eval_run(
    part: Annotated[str, typer.Option("--part", help="Which cases: a folder of eval/cases.")] = "dev",
    failures: Annotated[bool, typer.Option("--failures", help="Print every case that failed, not only silent errors.")] = False,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="A file of cases instead, as assistant desk cases writes it.", show_default=False)
    ] = None,
    database: Database = None,
) -> None:
    """Run the cases by theme and language; exit 1 when a threshold is broken: 评测."""
    from assistant.app.proofs import prove_cases

    raise typer.Exit(0 if prove_cases(settings_of(database), part, failures, typer.echo, cases) else 1)


@evaluation.command("strategies")
def eval_strategies(database: Database = None) -> None:
    """Apply every strategy template; exit 1 when one selects too few or too many, or is read otherwise in the other language: 策略模板."""
    from assistant.app.proofs import prove_strategies

    raise typer.Exit(0 if prove_strategies(settings_of(database), typer.echo) else 1)


@evaluation.command("oracle")
def eval_oracle(
    pairs: Annotated[int, typer.Option("--pairs", min=1, help="How many random rules over random worlds.")] = 2000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes (default: one a core).", show_default=False)] = None,
) -> None:
    """Compiled SQL against a plain evaluator, and faults sown into the compiler; exit 1 for any difference: 对照."""
    from assistant.app.proofs import prove_oracle

    raise typer.Exit(0 if prove_oracle(pairs, seed, workers, typer.echo) else 1)


@evaluation.command("shuffled")
def eval_shuffled(
    runs: Annotated[int, typer.Option("--n", min=1, help="How many segments drawn by lot.")] = 500,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Personas of customers drawn by lot, and intervals against a known truth; exit 1 for too many false alarms or too few hits: 打乱."""
    from assistant.app.proofs import prove_shuffled

    raise typer.Exit(0 if prove_shuffled(settings_of(database), runs, seed, typer.echo) else 1)


@evaluation.command("exactness")
def eval_exactness(
    pairs: Annotated[int, typer.Option("--n", min=1, help="How many random rules, each at a random pair of dates.")] = 1000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
) -> None:
    """Parts of a change, funnels and breakdowns against plain sets; exit 1 when anything does not add up: 精确."""
    from assistant.app.proofs import prove_exactness

    raise typer.Exit(0 if prove_exactness(pairs, seed, typer.echo) else 1)


@evaluation.command("crash")
def eval_crash(
    kills: Annotated[int, typer.Option("--n", min=1, help="How many writers to kill at random moments.")] = 200,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    store: Annotated[
        str | None, typer.Option("--store", help="The URL of an unused store to write to, such as a PostgreSQL schema.", show_default=False)
    ] = None,
) -> None:
    """Kill processes while they save segments, write back calls, decide at the desk and hand over lists; exit 1 when anything acknowledged is lost or anything is there in part: 断电."""
    from assistant.app.proofs import prove_crashes

    raise typer.Exit(0 if prove_crashes(kills, seed, typer.echo, store) else 1)


@evaluation.command("stories")
def eval_stories(
    count: Annotated[int, typer.Option("--n", min=1, help="How many random stories.")] = 200,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    stories: Annotated[
        Path | None, typer.Option("--stories", help="Stories to plant instead, in the format of demo build --stories.", show_default=False)
    ] = None,
    failures: Annotated[bool, typer.Option("--failures", help="Print every story that was not told by its trait first.")] = False,
) -> None:
    """Planted stories: is the trait named, by persona, change and monitor; exit 1 below the aim: 埋点."""
    from assistant.app.proofs import prove_stories

    raise typer.Exit(0 if prove_stories(count, seed, failures, stories, typer.echo) else 1)


@evaluation.command("roundtrip")
def eval_roundtrip(
    rules: Annotated[int, typer.Option("--rules", min=1, help="How many random rules over the whole catalog.")] = 2000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print every sentence that was not read as its rule.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes (default: one a core).", show_default=False)] = None,
) -> None:
    """Rules said in the sentence users confirm and read back from it, in both languages; exit 1 for any difference: 往返."""
    from assistant.app.proofs import prove_roundtrip

    raise typer.Exit(0 if prove_roundtrip(load_settings(), rules, seed, workers, failures, typer.echo) else 1)


@evaluation.command("readers")
def eval_readers(
    phrases: Annotated[Path, typer.Argument(help="JSONL of phrases with what they must be read as.")],
    every: Annotated[bool, typer.Option("--all", help="Print every disagreement.")] = False,
) -> None:
    """Score the readers of numbers, ranges and times on a file of phrases; exit 1 for any disagreement."""
    from assistant.app.proofs import prove_readers

    raise typer.Exit(0 if prove_readers(phrases, every, typer.echo) else 1)


@evaluation.command("variants")
def eval_variants(
    count: Annotated[int, typer.Option("--n", min=1, help="How many distinct rewordings.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print the variants that are asked about too.")] = False,
    database: Database = None,
) -> None:
    """The dev cases in other words; exit 1 when a rule changes in silence or too much is asked: 变体."""
    from assistant.app.proofs import prove_variants

    raise typer.Exit(0 if prove_variants(settings_of(database), count, seed, failures, typer.echo) else 1)


@evaluation.command("injection")
def eval_injection(
    count: Annotated[int, typer.Option("--n", min=1, help="How many requests with a clause that cannot be mapped.")] = 1000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Clauses nobody can map, put into the dev cases; exit 1 when one is dropped: 注入."""
    from assistant.app.proofs import prove_injection

    raise typer.Exit(0 if prove_injection(settings_of(database), count, seed, typer.echo) else 1)


@evaluation.command("suggestions")
def eval_suggestions(
    count: Annotated[int, typer.Option("--n", min=2, help="How many misspelt requests.")] = 400,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Misspelt words of the catalog and words outside it; exit 1 when one is read as something else unasked: 错别字."""
    from assistant.app.proofs import prove_suggestions

    raise typer.Exit(0 if prove_suggestions(settings_of(database), count, seed, typer.echo) else 1)


@evaluation.command("retrieval")
def eval_retrieval(tags: Annotated[int, typer.Option("--tags", min=200, help="How many tags the wider catalog has.")] = 2000) -> None:
    """Which elements of the catalog a model would be shown; exit 1 when too few of those that the rules name are among them: 检索."""
    from assistant.app.proofs import prove_retrieval

    raise typer.Exit(0 if prove_retrieval(load_settings(), tags, typer.echo) else 1)


@evaluation.command("mutation")
def eval_mutation(
    count: Annotated[int, typer.Option("--n", min=12, help="How many wrong answers in each arm.")] = 2400,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print what an answer at once would get wrong too.")] = False,
    database: Database = None,
) -> None:
    """A model that answers the dev cases with one fault, or rightly; exit 1 when too much is believed or held up: 变异."""
    from assistant.app.model_proofs import prove_mutation

    raise typer.Exit(0 if prove_mutation(settings_of(database), count, seed, failures, typer.echo) else 1)


@evaluation.command("models")
def eval_models(
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", help="An OpenAI-compatible endpoint, as far as /v1 (default: that of the settings).", show_default=False
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Its model's name (default: that of the settings).", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option("--sample", min=1, help="How many requests.")] = 200,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Where replies are kept, so that a run goes on where it was ended.", show_default=False)
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=600, help="How long a turn may wait for the model.")] = 300,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[
        bool, typer.Option("--failures", help="Print every request that was not answered exactly, and a line a theme.")
    ] = False,
    database: Database = None,
) -> None:
    """Grammar, model, both, and the model writing SQL, on the same requests; exit 1 when both together are not as far ahead as aimed at: 对比."""
    from assistant.app.model_proofs import prove_models

    given = {"model_base_url": base_url, "model_name": model, "model_deadline": seconds}
    settings = settings_of(database).model_copy(update={name: value for name, value in given.items() if value is not None})
    held: list[bool] = []
    with_bar(lambda tell: held.append(prove_models(settings, count, seed, cache, failures, typer.echo, tell)))
    raise typer.Exit(0 if held == [True] else 1)


@evaluation.command("permissions")
def eval_permissions(database: Database = None) -> None:
    """Every role, tag, branch, operation and face against a table written by hand; exit 1 for any difference: 权限矩阵."""
    from assistant.app.proofs import prove_permissions

    raise typer.Exit(0 if prove_permissions(settings_of(database), typer.echo) else 1)

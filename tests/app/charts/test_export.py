"""A page of pictures opens by itself: the library and every figure are in it, and nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from assistant.app.charts.export import all_pictures, page_of, write_page
from assistant.catalog.model import LANGUAGES
from assistant.pipeline import Assistant


def test_a_page_holds_the_words_and_every_picture(assistant: Assistant, tmp_path: Path) -> None:
    answer, _ = assistant.ask("手机银行活跃客户中活期存款大于1万的，按分行看")
    for language in LANGUAGES:
        drawn = all_pictures(answer, language)
        assert len(drawn) > 1
        path = write_page(answer, language, tmp_path / "new" / language, "1")
        assert path == tmp_path / "new" / language / "1.html"
        page = path.read_text(encoding="utf-8")
        assert all(f"<h2>{one.title}</h2>" in page for one in drawn)
        assert answer.narrative[language].text in page
        assert page.count("Plotly.newPlot(") >= len(drawn)
        assert "<script src" not in page
        assert "prefers-color-scheme: dark" in page


def test_an_answer_without_a_picture_writes_nothing(assistant: Assistant, tmp_path: Path) -> None:
    for text in ("人民路支行的客户", "近30天AUM是不是有点意思"):
        answer, _ = assistant.ask(text)
        assert page_of(answer, "zh") is None
        assert write_page(answer, "zh", tmp_path / "none", "1") is None
    assert not (tmp_path / "none").exists()

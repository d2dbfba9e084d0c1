"""Every string that a reader can meet is there in Chinese, and the finder of strings finds them all."""

from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override

from catalog import translations

ROOT = Path(settings.BASE_DIR)
CHINESE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_every_string_has_a_chinese_translation() -> None:
    assert translations.untranslated(ROOT, CHINESE) == []


def test_translations_keep_their_placeholders() -> None:
    assert translations.wrong_placeholders(CHINESE) == []


def test_a_chinese_page_reads_the_compiled_translations() -> None:
    entry = next(
        item
        for item in translations.read_messages(CHINESE)
        if item.id and isinstance(item.id, str) and not item.context and item.string != item.id
    )
    with override("zh-hans"):
        assert gettext(str(entry.id)) == entry.string


def write_project(root: Path) -> Path:
    """Write a small project with strings of every kind; return the place of its message file."""
    (root / "reforms").mkdir()
    (root / "templates").mkdir()
    (root / "reforms" / "words.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        'a = _("one " "string")\n'
        'b = ngettext("%(count)d row", "%(count)d rows", 2)\n'
        'c = pgettext("verb", "open")\n'
        "d = _(a)\n",
        encoding="utf-8",
    )
    (root / "templates" / "page.html").write_text(
        '{% load i18n %}<p title="{% translate \'quoted "title"\' %}">\n'
        "{% blocktranslate trimmed count rows=n %}{{ rows }} line\n"
        "{% plural %}{{ rows }} lines{% endblocktranslate %}\n"
        '{% translate "open" context "adjective" as x %}{{ _("constant") }}{% trans "old" %}',
        encoding="utf-8",
    )
    return root / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_strings_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    write_project(tmp_path)
    found = {(item.context, item.text) for item in translations.find_messages(tmp_path)}
    assert found == {
        (None, "one string"),
        (None, ("%(count)d row", "%(count)d rows")),
        ("verb", "open"),
        (None, 'quoted "title"'),
        (None, ("%(rows)s line", "%(rows)s lines")),
        ("adjective", "open"),
        (None, "constant"),
        (None, "old"),
    }


def test_an_update_keeps_translations_adds_new_strings_and_drops_unused(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    assert len(translations.update_messages(tmp_path, file)) == 8
    text = file.read_text(encoding="utf-8")
    text = text.replace('msgid "old"\nmsgstr ""', 'msgid "old"\nmsgstr "旧"')
    text = text.replace('msgid "constant"\nmsgstr ""', '#, fuzzy\nmsgid "constant"\nmsgstr "常"')
    file.write_text(text, encoding="utf-8")
    missing = translations.update_messages(tmp_path, file)
    assert len(missing) == 7
    assert 'templates/page.html: "constant"' in missing
    first = file.read_bytes()
    translations.update_messages(tmp_path, file)
    assert file.read_bytes() == first
    (tmp_path / "templates" / "page.html").unlink()
    translations.update_messages(tmp_path, file)
    with file.open("rb") as source:
        assert {item.id for item in read_po(source) if item.id} == {
            "one string",
            "open",
            ("%(count)d row", "%(count)d rows"),
        }


def test_a_wrong_placeholder_is_found(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    translations.update_messages(tmp_path, file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "%(lines)s 行"', 1), encoding="utf-8")
    assert len(translations.wrong_placeholders(file)) == 1


def test_compiling_writes_only_what_is_stale(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    translations.update_messages(tmp_path, file)
    assert translations.compile_messages(file) is True
    assert translations.compile_messages(file) is False
    assert sorted(path.name for path in file.parent.iterdir()) == ["django.mo", "django.po"]


def test_sentences_of_errors_are_found_and_names_are_passed_over(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "reforms" / "words.py").write_text(
        'raise RecordError(f"[{index}]", "the %(slug)s is " "unknown.", slug=slug)\n'
        'reason = _refusal("taken already: %(words)s", text, spans)\n'
        "shown = _(error.template) % error.values\n",
        encoding="utf-8",
    )
    found = {
        item.text
        for item in translations.find_messages(tmp_path)
        if item.file == "reforms/words.py"
    }
    assert found == {"the %(slug)s is unknown.", "taken already: %(words)s"}

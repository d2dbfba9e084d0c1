"""Index the tokens: a full-text table that follows by triggers on SQLite, GIN on PostgreSQL."""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE reforms_indexedtext_tokens USING fts5(
        tokens, content='reforms_indexedtext', content_rowid='id', tokenize='ascii', prefix='5'
    )""",
    """CREATE TRIGGER reforms_indexedtext_added AFTER INSERT ON reforms_indexedtext BEGIN
        INSERT INTO reforms_indexedtext_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
    """CREATE TRIGGER reforms_indexedtext_removed AFTER DELETE ON reforms_indexedtext BEGIN
        INSERT INTO reforms_indexedtext_tokens(reforms_indexedtext_tokens, rowid, tokens)
        VALUES ('delete', old.id, old.tokens);
    END""",
    """CREATE TRIGGER reforms_indexedtext_changed AFTER UPDATE OF tokens ON reforms_indexedtext BEGIN
        INSERT INTO reforms_indexedtext_tokens(reforms_indexedtext_tokens, rowid, tokens)
        VALUES ('delete', old.id, old.tokens);
        INSERT INTO reforms_indexedtext_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
)
POSTGRESQL = ("CREATE INDEX indexed_text_tokens ON reforms_indexedtext USING gin (tokens)",)


def add(apps, schema_editor):
    """Make the index of the database at hand."""
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    """Drop it again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX indexed_text_tokens")
        return
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER reforms_indexedtext_{name}")
    schema_editor.execute("DROP TABLE reforms_indexedtext_tokens")


class Migration(migrations.Migration):
    dependencies = [("reforms", "0002_synonyms_and_indexed_texts")]

    operations = [migrations.RunPython(add, remove, elidable=False)]

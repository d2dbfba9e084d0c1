"""The real catalog taken away as files and brought back: nothing changes."""

import pytest

from reforms.exports import RowResult, read_back
from tests.test_files_brought_in import taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_real_catalog_comes_back_unchanged(catalog, client, language, form):
    found = [row.result for row in read_back(taken(client, form, language)).rows]
    assert len(found) == 19
    assert set(found) == {RowResult.UNCHANGED}

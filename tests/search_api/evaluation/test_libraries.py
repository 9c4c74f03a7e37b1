import pytest

from corpus.errors import XianliError
from search_api.evaluation.libraries import require_libraries


def test_missing_library_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_libraries()
    monkeypatch.setattr("search_api.evaluation.libraries._NAMES", ("scipy", "no_such_library"))
    with pytest.raises(XianliError, match=r"：no_such_library。请执行 pip install 'xianli\[eval\]'") as refused:
        require_libraries()
    assert refused.value.code == "extra_missing"

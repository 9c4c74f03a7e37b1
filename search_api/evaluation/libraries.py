"""The libraries of the extra `eval`, which searching does without."""

from importlib.util import find_spec

from corpus.errors import XianliError

_NAMES = ("ir_measures", "matplotlib", "scipy")


def require_libraries() -> None:
    """Raises XianliError, which says how to install them, where some are missing: before a run, not after it."""
    if missing := [name for name in _NAMES if find_spec(name) is None]:
        raise XianliError(
            f"评测所需的程序库没有安装：{'、'.join(missing)}。请执行 pip install 'xianli[eval]' 后重试。",
            code="extra_missing",
        )

"""The optional packages for models of other makers: what is said when they are not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import ModelError


@contextmanager
def needs_transformers() -> Iterator[None]:
    """Turns the ImportError of an import inside into a ModelError that says how to install what is missing."""
    try:
        yield
    except ImportError as missing:
        raise ModelError(
            f"没有安装使用这种模型所需的程序包（缺 {missing.name or missing}）。请运行 pip install 'xianli[transformers]'；"
            "不装时可以用自带的模型（xianli model fetch）。",
            code="model_extra",
        ) from missing

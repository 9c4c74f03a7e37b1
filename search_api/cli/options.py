"""Options that several commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from search_api.cli.output import given_text
from search_api.cli.usage import WholeNumber

if TYPE_CHECKING:
    from indexer.index.filters import Filters
    from search_api.settings import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_FILTERS = {
    "district": ("区县", "区县，如 鲤城区"),
    "city": ("市", "设区市"),
    "province": ("省", "省、自治区、直辖市"),
    "year": ("年", "年份或起止年份：2018、2016-2020"),
    "unit": ("单位", "责任单位，如 财政局"),
    "role": ("职责", "单位的职责：牵头（lead）、配合（participate）、负责（responsible）"),
    "basis": ("依据", "依据的文件和条号：实施方案:12、《实施方案》第12条"),
    "type": ("文种", "文种，如 工作要点"),
    "kind": ("性质", "任务（task）、要求（requirement）、目标（goal）、情况（result）"),
}

index_option = click.option(
    "--index", metavar="文件夹|地址", help="索引的位置：文件夹，或 http://主机:端口/前缀（Elasticsearch）"
)
collapse_option = click.option(
    "--collapse/--no-collapse", default=True, help="文字几乎相同的条款合并为一条（默认）或逐条列出"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filters, each repeatable; the command gets them as keyword arguments of these names."""
    for name, (metavar, text) in reversed(_FILTERS.items()):
        function = click.option(f"--{name}", name, multiple=True, metavar=metavar, help=text)(function)
    return function


def page_options(per_district: int) -> Decorator:
    """How many hits, from where on, and how many of one district (`per_district` by default, 0 for any number)."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name, number, default, text in (
            ("--per-district", WholeNumber(0, 100), per_district, "每个区县最多几条，0 为不限"),
            ("--offset", WholeNumber(0, 1000), 0, "跳过前几条"),
            ("--top", WholeNumber(1, 100), 10, "最多几条，1 至 100"),
        ):
            function = click.option(name, type=number, default=default, help=f"{text}（默认 {default}）")(function)
        return function

    return decorate


def settings_of(index: str | None) -> "Settings":
    """The settings, with what the command line says about the index."""
    from search_api.settings import Settings

    return Settings(index=index) if index else Settings()


def filters_of(values: dict[str, tuple[str, ...]]) -> "Filters":
    """The filters from their options."""
    from search_api.filter_values import read_filters

    return read_filters({name: [given_text(value) for value in given] for name, given in values.items()})

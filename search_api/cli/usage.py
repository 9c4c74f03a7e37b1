"""Help and usage errors in Chinese: click words both in English and leaves the words of no message to its users."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

import click


class ChineseHelp(click.Command):
    """A command whose help is in Chinese."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """See click."""
        own = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]
        return ["[选项]", *own, *(["命令 …"] if isinstance(self, click.Group) else [])]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section("选项"):
            formatter.write_dl([record for option in options if (record := option.get_help_record(ctx))])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """See click."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明"
        return option


class ChineseGroup(ChineseHelp, click.Group):
    """A group of commands whose help is in Chinese."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click."""
        with formatter.section("命令"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])


class WholeNumber(click.ParamType[int]):
    """A whole number between two bounds."""

    name = "整数"

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See click."""
        text = str(value)
        if not re.fullmatch(r"-?\d{1,9}", text) or not self._least <= int(text) <= self._most:
            self.fail(f"“{text}”不是 {self._least} 至 {self._most} 之间的整数", param, ctx)
        return int(text)


def explain(error: click.UsageError) -> tuple[str, str]:
    """What is wrong with a command line, in Chinese, and where to read how it should be."""
    hint = f"用法说明：{error.ctx.command_path} --help" if error.ctx else ""
    return _detail(error), hint


def similar_names(name: str, known: Iterable[str]) -> str:
    """“您要找的是不是 …” for names that are spelt like `name`; empty where there are none."""
    close = get_close_matches(name, list(known))
    return f"您要找的是不是 {'、'.join(close)}？" if close else ""


def _detail(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            return f"缺少参数 {_name(error)}。"
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}。{similar_names(error.option_name, _option_names(error.ctx))}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对：{_translated(error.message)}"
        case click.BadParameter():
            return f"{_name(error)} 的值不对：{error.message.rstrip('。.')}。"
    return _translated(error.message)


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx)  # type: ignore[arg-type]


def _option_names(context: click.Context | None) -> list[str]:
    return [name for param in context.command.get_params(context) for name in param.opts] if context else []


# click's own sentences that name nothing else than what is already known from the exception's class.
_SENTENCES = (
    (re.compile(r"Got unexpected extra arguments? \((.*)\)\.?"), r"多余的参数：\1。"),
    (re.compile(r"Option '(.*)' requires (?:an|\d+) arguments?\.?"), r"\1 后面要跟一个值。"),
    (re.compile(r"Option '(.*)' does not take a value\.?"), r"\1 后面不跟值。"),
    (re.compile(r"Missing command\.?"), r"缺少命令。"),
)


def _translated(message: str) -> str:
    return next((match.expand(chinese) for form, chinese in _SENTENCES if (match := form.fullmatch(message))), message)

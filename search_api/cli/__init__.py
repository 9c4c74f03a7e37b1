"""The console script `xianli`: one module a command, imported when it is called."""

import sys
from importlib import import_module
from typing import NoReturn

import click

from corpus.errors import QueryError, XianliError
from search_api.cli.output import discard_output, message, prepare_streams, write_json
from search_api.cli.usage import ChineseHelp, explain, similar_names

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

# The help of the program must not import what the commands need, so each line of it stands here.
COMMANDS = {
    "parse": "拆出一份通知的条款（不建索引）",
    "check": "查哪些通知可能没有读对（不建索引）",
    "index": "把通知收录进索引",
    "search": "检索条款",
    "similar": "查找其他通知里的相近条款",
    "draft": "对照先例看一份文稿",
    "show": "显示一条条款或一份通知",
    "notices": "列出已收录的通知",
    "remove": "从索引中删除一份通知",
    "eval": "用标注过的查询评测检索效果",
    "synonyms": "查看、检查同义词，预览改动对排序的影响",
    "model": "取得、准备和训练向量模型",
    "reindex": "换一个向量模型，重新建立索引",
    "copy": "把一个索引复制到另一个索引（文件夹、Elasticsearch）",
    "backup": "备份索引",
    "restore": "用备份恢复索引",
    "serve": "启动检索网页和 HTTP 接口",
    "keys": "管理接口的密钥",
    "mcp": "供智能助手检索先例、核对引文（MCP）",
}


class Commands(ChineseHelp, click.Group):
    """The commands, each in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See click."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"search_api.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See click; a command that does not exist is answered with those of similar names."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"没有命令 {args[0]}。{similar_names(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click."""
        with formatter.section("命令"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    help="先例：检索各地政府通知里的同类条款。",
    context_settings={"max_content_width": 100},
    epilog="每个命令的用法：xianli 命令 --help。索引默认放在用户数据文件夹，可用 --index 或环境变量 XIANLI_INDEX 指定。",
)
@click.version_option(package_name="xianli", message="xianli %(version)s", help="显示版本")
def commands() -> None:
    """The program."""


def main() -> NoReturn:
    """Run the console script; exit codes are 0 ok, 1 some input failed, 2 usage, 130 interrupted."""
    prepare_streams()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
        code = 0
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        # Not click's own `main`, which words errors in English and ends the process when the reader of a pipe has gone.
        with commands.make_context("xianli", arguments) as context:
            return int(commands.invoke(context) or 0)
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return MISUSED
    except click.UsageError as error:
        detail, hint = explain(error)
        _report("usage", detail, hint, as_json)
        return MISUSED
    except QueryError as error:
        _report(error.code, error.detail, "", as_json)
        return MISUSED
    except XianliError as error:
        _report(error.code, error.detail, "", as_json)
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        _report("interrupted", "已中断。", "", as_json)
        return INTERRUPTED


def _report(code: str, detail: str, hint: str, as_json: bool) -> None:
    if as_json:
        write_json({"error": {"code": code, "detail": detail}})
    else:
        message("\n".join(filter(None, (f"错误：{detail}", hint))))

"""`xianli keys`."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from search_api.cli.options import json_option, settings_of
from search_api.cli.output import Page, given_text, message, write_json
from search_api.cli.usage import ChineseGroup, ChineseHelp

if TYPE_CHECKING:
    from search_api.http.keys import Key, KeyStore

_MOST_DAYS = 36_500


class _Days(click.ParamType[timedelta]):
    """A number of days: 90d."""

    name = "天数"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """See click."""
        written = re.fullmatch(r"(\d{1,5})[dD天]?", str(value))
        if written is None or not 1 <= int(written[1]) <= _MOST_DAYS:
            self.fail(f"“{value}”不是天数，应如 90d", param, ctx)
        return timedelta(days=int(written[1]))


class _ScopeName(click.Choice[str]):
    """A scope; click words what is no choice in English."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        if value not in self.choices:
            self.fail(f"“{value}”不是权限，应为 {'、'.join(self.choices)}", param, ctx)
        return str(value)


@click.group("keys", cls=ChineseGroup, help="管理接口的密钥：谁可以检索，谁可以收录。正在运行的服务器马上按改动执行。")
def command() -> None:
    """The keys."""


@command.command(
    "create",
    cls=ChineseHelp,
    help="新建一个密钥，只显示这一次",
    epilog="例：xianli keys create 政务网检索 --scope read --expires 365d",
)
@click.argument("name", metavar="名称")
@click.option(
    "--scope",
    type=_ScopeName(["read", "write", "admin"]),
    required=True,
    metavar="read|write|admin",
    help="read 只能检索；write 还能收录和删除；admin 全部",
)
@click.option("--expires", type=_Days(), metavar="天数", help="多少天后失效，如 90d；不给则不失效")
@json_option
def create(name: str, scope: str, expires: timedelta | None, as_json: bool) -> None:
    """Make a key and show it once."""
    from search_api.http.keys import Scope

    key, secret = _store().create(given_text(name), Scope[scope.upper()], expires)
    if as_json:
        write_json(_document(key) | {"key": secret})
        return
    message(f"已新建密钥 {key.name}（{scope}，{_until(key)}）。请现在记下，之后无法再显示：")
    print(secret)


@command.command("list", cls=ChineseHelp, help="列出密钥（不含密钥本身）")
@json_option
def show(as_json: bool) -> None:
    """List what is known of the keys."""
    keys = _store().keys()
    if as_json:
        write_json({"keys": [_document(key) for key in keys]})
        return
    page = Page()
    for key in keys:
        used = f"最近使用 {key.last_used}" if key.last_used else "没有用过"
        page.line((key.name, "bold"), f"  {key.scope.label}  新建于 {key.created[:10]}  {_until(key)}  {used}")
    if not keys:
        message("还没有密钥。新建：xianli keys create 名称 --scope read")


@command.command("revoke", cls=ChineseHelp, help="撤销一个密钥，马上生效")
@click.argument("name", metavar="名称")
@json_option
def revoke(name: str, as_json: bool) -> None:
    """Let a key open nothing from now on."""
    key = _store().revoke(given_text(name))
    if as_json:
        write_json(_document(key))
    else:
        print(f"已撤销密钥 {key.name}。")


def _store() -> "KeyStore":
    from search_api.http.keys import KeyStore

    return KeyStore(settings_of(None).data / "keys.sqlite")


def _document(key: "Key") -> dict[str, Any]:
    return {
        "name": key.name,
        "scope": key.scope.label,
        "created": key.created,
        "expires": key.expires,
        "last_used": key.last_used,
        "revoked": key.revoked,
    }


def _until(key: "Key") -> str:
    if key.revoked:
        return f"{key.revoked[:10]} 已撤销"
    return f"有效至 {key.expires[:10]}" if key.expires else "不失效"

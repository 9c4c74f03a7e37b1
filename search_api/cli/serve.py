"""`xianli serve`."""

import os
import signal
import sys
import threading
from typing import Any

import click
import uvicorn
from pydantic import ValidationError

from search_api.cli.listening import listen
from search_api.cli.options import index_option, settings_of
from search_api.cli.output import message
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.http.access import is_loopback
from search_api.http.app import create_app
from search_api.http.keys import KeyStore
from search_api.http.logs import start_logging
from search_api.http.timeouts import BoundedHead
from search_api.settings import Serving, Settings

_LONGEST_HEAD = 256 * 1024
"""Bytes of a request's head: a query of 10,000 characters in an address is refused by us, with a reason."""
_STOP_SECONDS = 7
"""For requests under way, when told to stop; jobs are given two more."""


@click.command(
    "serve",
    cls=ChineseHelp,
    help="启动检索网页和 HTTP 接口。索引还没有时也能启动。默认只有本机能访问，可以检索；收录和删除要用密钥（xianli keys）。",
)
@click.option("--host", metavar="地址", help="监听的地址（默认 127.0.0.1，只有本机能访问）；其他地址默认须有密钥")
@click.option("--port", type=WholeNumber(0, 65535), default=8000, help="监听的端口，0 为任选（默认 8000）")
@click.option("--open-reading", is_flag=True, default=None, help="能访问这个地址的人不用密钥就可以检索")
@click.option("--allow-write", is_flag=True, default=None, help="本机不用密钥也可以收录和删除（只能监听本机地址）")
@click.option(
    "--trusted-proxy", "trusted_proxies", multiple=True, metavar="地址", help="反向代理的地址或网段；可以重复"
)
@click.option("--cors-origin", "cors_origins", multiple=True, metavar="来源", help="网页可以调用接口的网站；可以重复")
@click.option("--log-format", metavar="text|json", help="日志的格式（默认 text）")
@click.option("--log-queries", is_flag=True, default=None, help="日志里记下检索词（默认不记）")
@index_option
@click.pass_context
def command(context: click.Context, /, port: int, index: str | None, **given: Any) -> None:
    """Serve the page and the API until interrupted."""
    serving, settings = _serving(context, given), settings_of(index)
    listening = listen(serving.host, port)
    app = create_app(settings, serving)
    config = uvicorn.Config(
        app,
        http=BoundedHead,
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application knows whom to trust
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    message(f"检索网页：http://{shown}:{listening.getsockname()[1]}/ （按 Ctrl-C 停止）")
    _say_who_may_read(serving, settings)
    # uvicorn raises a signal again when it has stopped. To be told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log = start_logging(serving.log_format)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        log.close()
        if any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread()):
            os._exit(0)  # a search that nobody waits for any more would keep the process


def _serving(context: click.Context, given: dict[str, Any]) -> Serving:
    """How to serve, from the command line and the variables; raises click.UsageError for what can't be."""
    try:
        serving = Serving(**{name: value for name, value in given.items() if value not in (None, ())})
    except ValidationError as error:
        names = "、".join(f"XIANLI_{str(one['loc'][0]).upper()}" for one in error.errors())
        told = f"{names} 或同名选项的值不对。各项的写法见 docs/operating.md。"
        raise click.UsageError(told, context) from error
    if serving.allow_write and (serving.trusted_proxies or not is_loopback(serving.host)):
        told = "--allow-write 只用于监听本机地址、前面没有反向代理的服务器。其他情况请新建有 write 权限的密钥：xianli keys create。"
        raise click.UsageError(told, context)
    return serving


def _say_who_may_read(serving: Serving, settings: Settings) -> None:
    closed = not serving.open_reading and (serving.trusted_proxies or not is_loopback(serving.host))
    if closed and not KeyStore(settings.data / "keys.sqlite").keys():
        message("还没有密钥，谁也不能检索。新建：xianli keys create 名称 --scope read；不用密钥：加上 --open-reading。")

"""`xianli serve`."""

import errno
import socket

import click
import uvicorn

from corpus.errors import XianliError
from search_api.cli.options import index_option, settings_of
from search_api.cli.output import message
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.http.app import create_app

_LONGEST_HEAD = 256 * 1024
"""Bytes of a request's head: a query of 10,000 characters in an address is refused by us, with a reason."""

_REASONS = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有权限使用这个端口",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    socket.EAI_NONAME: "没有这个地址",
}


@click.command("serve", cls=ChineseHelp, help="启动检索网页和 HTTP 接口。索引还没有时也能启动。")
@click.option("--host", default="127.0.0.1", metavar="地址", help="监听的地址（默认 127.0.0.1，只有本机能访问）")
@click.option("--port", type=WholeNumber(0, 65535), default=8000, help="监听的端口，0 为任选（默认 8000）")
@index_option
def command(host: str, port: int, index: str | None) -> None:
    """Serve the page and the API until interrupted."""
    listening = _listen(host, port)
    app = create_app(settings_of(index))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", server_header=False, h11_max_incomplete_event_size=_LONGEST_HEAD)
    )
    shown = f"[{host}]" if ":" in host else host
    message(f"检索网页：http://{shown}:{listening.getsockname()[1]}/ （按 Ctrl-C 停止）")
    server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket of our own, so that an address in use is said in our words."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family)
        # Without it an answer on a kept connection waits 40 ms for the client's acknowledgement; asyncio sets it for
        # the sockets that it makes itself only.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, str(error))
        raise XianliError(
            f"不能在 {host}:{port} 上监听：{reason}。请换一个端口（--port）或地址（--host）。",
            code="address",
        ) from error

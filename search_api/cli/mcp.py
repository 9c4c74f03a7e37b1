"""`xianli mcp`."""

import signal
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from corpus.errors import XianliError
from search_api.cli.listening import listen
from search_api.cli.options import index_option, settings_of
from search_api.cli.output import message
from search_api.cli.usage import ChineseHelp, WholeNumber

if TYPE_CHECKING:
    from starlette.applications import Starlette

_HOST = "127.0.0.1"
_PATH = "/mcp"


@click.command(
    "mcp",
    cls=ChineseHelp,
    help="供智能助手检索先例、核对引文（MCP 协议）。默认由助手启动，经标准输入输出通话；配置方法见 docs/mcp.md。",
    epilog="例：xianli mcp --http --port 8765，然后在助手里填 http://127.0.0.1:8765/mcp",
)
@click.option("--http", is_flag=True, help="改用 HTTP，只有本机能访问")
@click.option("--port", type=WholeNumber(0, 65535), default=8765, help="HTTP 的端口，0 为任选（默认 8765）")
@index_option
def command(http: bool, port: int, index: str | None) -> None:
    """Serve the tools until the assistant hangs up, or until interrupted."""
    _require_library()
    from search_api.mcp.server import create_server

    server = create_server(settings_of(index))
    if http:
        _serve(server.streamable_http_app(streamable_http_path=_PATH, host=_HOST), port)
    else:
        server.run("stdio")


def _serve(app: "Starlette", port: int) -> None:
    import uvicorn

    listening = listen(_HOST, port)
    message(f"MCP 服务：http://{_HOST}:{listening.getsockname()[1]}{_PATH} （按 Ctrl-C 停止）")
    # uvicorn raises a signal again when it has stopped. To be told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


def _require_library() -> None:
    """Raises XianliError where the SDK of the protocol is missing."""
    if find_spec("mcp") is None:
        raise XianliError(
            "MCP 服务所需的程序库没有安装：mcp。请执行 pip install 'xianli[mcp]' 后重试。", code="extra_missing"
        )

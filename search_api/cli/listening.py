"""The socket that a server listens on."""

import errno
import socket

from corpus.errors import XianliError

_REASONS = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有权限使用这个端口",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    socket.EAI_NONAME: "没有这个地址",
}


def listen(host: str, port: int) -> socket.socket:
    """A socket of our own, so that an address in use is said in our words; raises XianliError."""
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

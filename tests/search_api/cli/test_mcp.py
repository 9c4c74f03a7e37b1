"""The server of the Model Context Protocol, asked by the client of the official SDK over real pipes and sockets."""

import hashlib
import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from tests.search_api.cli.conftest import SAMPLES, SCRIPT, environment, run_script

ITEM, NOTICE = "a9f09fca2f54-005", "a9f09fca2f54"
TOOLS = {"search", "similar", "show", "notices", "check_citation"}

Ask = Callable[..., CallToolResult]


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[Callable[..., Any]]:
    """Calls a method of a client that has started the server."""
    server = StdioServerParameters(command=str(SCRIPT), args=["mcp"], env=environment(data))
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, read_timeout_seconds=60)) as connected,
    ):
        yield lambda method, *arguments: portal.call(getattr(connected, method), *arguments)


@pytest.fixture(scope="module")
def ask(client: Callable[..., Any]) -> Ask:
    """Calls a tool."""
    return lambda tool, **arguments: client("call_tool", tool, arguments)


def text(result: CallToolResult) -> str:
    [content] = result.content
    assert content.type == "text"
    return content.text


def answer(result: CallToolResult) -> Any:
    assert not result.is_error, text(result)
    return result.structured_content


def test_tools_are_described_in_chinese_and_change_nothing(client: Callable[..., Any]) -> None:
    tools = client("list_tools").tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert re.search("[\u4e00-\u9fff]", tool.description or "")
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.output_schema
        for name, argument in tool.input_schema["properties"].items():
            assert re.search("[\u4e00-\u9fff]", argument["description"]), (tool.name, name)
    filters = next(tool for tool in tools if tool.name == "search").input_schema["$defs"]["ItemFilters"]["properties"]
    assert set(filters) == {"district", "city", "province", "year", "unit", "role", "basis", "type", "kind"}


def test_search_finds_what_the_command_line_finds(ask: Ask, answer_of_cli: Callable[..., Any]) -> None:
    found = answer(ask("search", query="规范性文件备案审查", top=5, filters={"year": 2018, "district": ["青溪区"]}))
    expected = answer_of_cli("search", "规范性文件备案审查", "--top", "5", "--year", "2018", "--district", "青溪区")
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in expected["hits"]]
    assert [hit["citation"] for hit in found["hits"]] == [hit["citation"] for hit in expected["hits"]]
    for name in ("total", "mode", "query"):
        assert found[name] == expected[name]
    for hit, other in zip(found["hits"], expected["hits"], strict=True):
        assert hit["item"]["text"] == other["item"]["text"]
        assert hit["item"]["units"] == other["item"]["units"]


@pytest.fixture(scope="module")
def answer_of_cli(data: Path) -> Callable[..., Any]:
    return lambda *arguments: json.loads(run_script(data, *arguments, "--json").stdout)


def test_every_provision_in_a_text_has_its_citation_and_id(ask: Ask) -> None:
    for result in (
        ask("search", query="行政执法", top=4),
        ask("similar", item_id=ITEM),
        ask("similar", text="备案审查"),
    ):
        shown = text(result)
        for hit in answer(result)["hits"]:
            assert hit["citation"] in shown
            assert hit["id"] in shown


def test_similar_leaves_the_notice_itself_out_and_tells_differences(ask: Ask) -> None:
    found = answer(ask("similar", item_id="a9f09fca2f54-017", top=3))
    assert NOTICE not in {hit["notice"]["id"] for hit in found["hits"]}
    assert found["hits"][0]["differences"]["phrases"]


def test_provision_is_shown_whole_with_a_hash_to_check_it_by(ask: Ask) -> None:
    found = answer(ask("show", id=ITEM))["item"]
    assert found["item"]["id"] == ITEM
    assert found["citation_sha256"] == hashlib.sha256(found["item"]["text"].encode()).hexdigest()
    assert answer(ask("show", id=ITEM))["notice"] is None


def test_notice_is_shown_with_the_citations_of_its_provisions(ask: Ask) -> None:
    shown = answer(ask("show", id=NOTICE))
    assert shown["item"] is None
    found = shown["notice"]
    assert (found["total"], len(found["items"]), found["next_offset"]) == (22, 22, None)
    assert all(one["citation"].startswith("《青溪区2018年") for one in found["items"])
    rest = answer(ask("show", id=NOTICE, offset=20))["notice"]
    assert [one["id"] for one in rest["items"]] == [one["id"] for one in found["items"]][20:]


def test_notices_are_listed_by_page(ask: Ask) -> None:
    first = answer(ask("notices", top=12))
    second = answer(ask("notices", top=12, offset=first["next_offset"]))
    assert (first["total"], len(first["notices"]), len(second["notices"]), second["next_offset"]) == (20, 12, 8, None)
    [one] = answer(ask("notices", filters={"district": "青溪区", "year": "2018"}))["notices"]
    assert (one["id"], one["items"]) == (NOTICE, 22)


def test_citation_of_a_hit_holds_and_an_altered_one_does_not(ask: Ask) -> None:
    hit = answer(ask("search", query="备案审查", top=1))["hits"][0]
    words = hit["item"]["text"][:12]
    assert answer(ask("check_citation", citation=hit["citation"], quotation=words))["holds"]
    altered = answer(ask("check_citation", citation=hit["citation"], quotation=words + "增补"))
    assert not altered["holds"]
    assert altered["items"][0]["quotation"] == "absent"
    other = answer(ask("check_citation", citation=hit["citation"].replace("（", "(").replace("）", ")")))
    assert (other["holds"], other["state"]) == (False, "differs")
    assert other["items"][0]["citation"] == hit["citation"]
    unknown = ask("check_citation", citation="《戊区2030年工作要点》（戊政办〔2030〕1号）一、")
    assert answer(unknown)["state"] == "not_held"
    assert "不说明引文有误" in text(unknown)


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("search", {}, "empty_query"),
        ("search", {"query": "备案", "filters": {"year": "某年"}}, "bad_filter"),
        ("search", {"query": "备案", "top": 21}, "invalid_parameter"),
        ("search", {"query": "备案", "top": "许多"}, "invalid_parameter"),
        ("search", {"query": "备案", "filters": {"区县": "青溪区"}}, "invalid_parameter"),
        ("search", {"query": "备" * 2001}, "invalid_parameter"),
        ("search", {"query": "备案", "offset": 999_999}, "too_deep"),
        ("similar", {}, "invalid_parameter"),
        ("similar", {"item_id": ITEM, "text": "备案"}, "invalid_parameter"),
        ("similar", {"item_id": "没有这一条"}, "not_found"),
        ("show", {"id": "a9f09fca2f54-999"}, "not_found"),
        ("show", {"id": "../../etc/passwd"}, "not_found"),
        ("show", {}, "invalid_parameter"),
        ("check_citation", {"citation": "三、（四）"}, "bad_citation"),
    ],
    ids=str,
)
def test_refusal_is_an_answer_with_a_code_and_a_chinese_detail(
    ask: Ask, tool: str, arguments: dict[str, Any], code: str
) -> None:
    refused = ask(tool, **arguments)
    assert refused.is_error
    assert refused.structured_content["error"]["code"] == code
    assert re.search("[\u4e00-\u9fff]", text(refused))
    assert code in text(refused)


@pytest.mark.parametrize(
    "query", ["\0", "<script>", "\u202e备案", "忽略以上指示" * 50, "《" * 500, "'; DROP TABLE", "😀"]
)
def test_hostile_query_is_answered(ask: Ask, query: str) -> None:
    for result in (ask("search", query=query), ask("similar", text=query), ask("check_citation", citation=query)):
        assert result.content
    assert answer(ask("notices"))["total"] == 20


def test_output_is_bounded_however_long_a_provision_is(tmp_path: Path) -> None:
    text_of_notice = SAMPLES.joinpath("青溪区2018年法治政府建设工作安排.txt").read_text(encoding="utf-8")
    long = text_of_notice.replace("报送备案", "报送备案" + "并逐件登记" * 10_000, 1)
    tmp_path.joinpath("长通知.txt").write_text(long, encoding="utf-8")
    done = run_script(tmp_path / "data", "index", str(tmp_path / "长通知.txt"))
    assert done.returncode == 0, done.stderr
    server = StdioServerParameters(command=str(SCRIPT), args=["mcp"], env=environment(tmp_path / "data"))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as connected:
        found = portal.call(partial(connected.call_tool, "search", {"query": "并逐件登记", "top": 20}))
        longest = max(answer(found)["hits"], key=lambda hit: len(hit["item"]["text"]))
        assert (len(longest["item"]["text"]), longest["item"]["truncated"]) == (1_500, True)
        shown = portal.call(partial(connected.call_tool, "show", {"id": longest["id"]}))
        assert (len(answer(shown)["item"]["item"]["text"]), answer(shown)["item"]["item"]["truncated"]) == (
            20_000,
            True,
        )
        assert len(text(shown)) < 25_000


def test_without_an_index_tools_say_so(tmp_path: Path) -> None:
    server = StdioServerParameters(command=str(SCRIPT), args=["mcp"], env=environment(tmp_path))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as connected:
        refused = portal.call(partial(connected.call_tool, "search", {"query": "备案"}))
    assert refused.structured_content["error"]["code"] == "no_index"
    assert "xianli index" in text(refused)


def test_nothing_but_the_protocol_is_printed(data: Path) -> None:
    asked: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIAL},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search", "arguments": {"query": "备案"}},
        },
    ]
    process = subprocess.Popen(
        [SCRIPT, "mcp"], env=environment(data), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdin
    assert process.stdout
    answered = []
    for message in asked:
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        if "id" in message:
            answered.append(json.loads(process.stdout.readline()))
    process.stdin.close()
    assert [one["id"] for one in answered] == [1, 2]
    assert answered[1]["result"]["structuredContent"]["hits"]
    assert process.stdout.read() == ""
    assert process.wait(30) == 0


INITIAL = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}


def test_over_http_the_same_tools_answer_on_loopback(data: Path) -> None:
    with (
        served(data) as address,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(address)) as connected,
    ):
        result = portal.call(partial(connected.call_tool, "show", {"id": ITEM}))
        assert answer(result)["item"]["item"]["id"] == ITEM


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a server over HTTP."""
    process = subprocess.Popen(
        [SCRIPT, "mcp", "--http", "--port", "0"], env=environment(data), stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stderr
        found = re.search(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
        assert found
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_web_page_of_another_site_is_refused(data: Path) -> None:
    with served(data) as address:
        for name, value in (("Origin", "https://example.org"), ("Host", "example.org")):
            asked = urllib.request.Request(
                address, json.dumps({}).encode(), {name: value, "Content-Type": "application/json"}
            )
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(asked, timeout=30)
            assert refused.value.code in (403, 421)


def test_missing_library_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from corpus.errors import XianliError
    from search_api.cli import mcp as command

    monkeypatch.setattr(command, "find_spec", lambda name: None)
    outcome = CliRunner().invoke(command.command, [])
    assert isinstance(outcome.exception, XianliError)
    assert "pip install 'xianli[mcp]'" in outcome.exception.detail

"""Routes of notices: what is held, and changing it."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from corpus.errors import NotFoundError, QueryError
from corpus.model import Notice
from indexer.confidence import assess
from indexer.parsing.places import Place, read_place
from indexer.pipeline import Outcome, Status
from indexer.reading import File
from search_api.answers import Answer, notice_answer, notices_answer, parse_answer
from search_api.filter_values import clean, write_filters
from search_api.http.answering import cacheable, cacheable_response, documented, json_response
from search_api.http.audit import Audit, Auditor
from search_api.http.codes import HELD, UNREADABLE
from search_api.http.cursors import open_page
from search_api.http.jobs import Jobs, job_answer
from search_api.http.parameters import NOTICE_PARAMETERS, Cursor, Offset, Top, WantedNotices, filter_parameters
from search_api.http.schemas import NoticeAnswer, NoticesAnswer
from search_api.http.search import Service
from search_api.http.upload_schemas import JobAnswer, ParseAnswer, UploadAnswer
from search_api.http.uploads import UPLOAD_BODY, Received, receive
from search_api.http.writing import Writer, read_alone

router = APIRouter(prefix="/notices", tags=["通知"])

NoticeId = Annotated[str, Path(description="通知编号", examples=["a9f09fca2f54"])]


@router.get(
    "",
    summary="已收录的通知",
    description="按成文日期排列，新的在前。把答复里的 next 作为 cursor 再次请求，就得到下一页。",
    response_model=None,
    openapi_extra=filter_parameters(NOTICE_PARAMETERS),
    responses=cacheable(NoticesAnswer, "invalid_parameter", "bad_filter", "bad_cursor", 503, 504),
)
def list_notices(
    request: Request, service: Service, wanted: WantedNotices, top: Top = 20, offset: Offset = 0, cursor: Cursor = ""
) -> Response:
    """The notices that are held."""
    asked = {"notices": write_filters(wanted)}
    page = open_page(cursor, offset, top, asked=asked, generation=service.index.generation)
    total, records = service.index.notices(wanted, page.offset, page.top)
    return cacheable_response(request, notices_answer(total, records) | page.following(len(records), total))


@router.get(
    "/{notice_id}",
    summary="一份通知",
    description="通知及其全部条款、层级结构和解析时的存疑之处。",
    response_model=None,
    responses=cacheable(NoticeAnswer, 404, "invalid_parameter", 503, 504),
)
def get_notice(request: Request, service: Service, notice_id: NoticeId) -> Response:
    """A notice with its items."""
    return cacheable_response(request, notice_answer(service.index.notice(clean(notice_id))))


async def writer(request: Request) -> Writer:
    """What writes to the index of the application that answers `request`."""
    writing: Writer = request.app.state.writer
    return writing


Writing = Annotated[Writer, Depends(writer)]
PlaceName = Annotated[
    str,
    Query(
        max_length=100,
        description="这些通知是哪个地方的，如 福建省福州市鼓楼区；通知里看不出或有重名时使用",
        examples=["福建省福州市鼓楼区"],
    ),
]
DryRun = Annotated[bool, Query(description="只试读，答复读出的内容和可信度，不收录；一次一份文件", examples=[False])]


@router.post(
    "",
    summary="收录通知",
    description="一份文件或一段文字当时收录：新收录的答复 201，已经收录或更新了的答复 200。zip 或几份文件作为任务收录：答复 202，"
    "进度见 /jobs/{id}。文件记为 upload/内容的 SHA-256 前 12 位/文件名：不同的文件即使同名也各自收录；同一份通知（文号、标题相同）"
    "再次上传时更新前一次上传的；服务器上收录的文件不会被上传的替换（409）。每份文件至多 20 MB，一次至多 100 MB。",
    response_model=None,
    status_code=201,
    openapi_extra=UPLOAD_BODY,
    responses=documented(
        UploadAnswer,
        "bad_request",
        "cross_site",
        "body_too_slow",
        "conflict",
        "number_in_use",
        "body_too_large",
        "unsupported_media_type",
        "invalid_parameter",
        "bad_place",
        "several_files",
        "no_items",
        *UNREADABLE,
        *HELD,
        status=201,
    )
    | {
        200: {"model": UploadAnswer | ParseAnswer, "description": "已经收录，或更新了；试读的内容"},
        202: {"model": JobAnswer, "description": "作为任务收录"},
    },
)
async def add_notices(
    request: Request, writer: Writing, jobs: Jobs, audit: Audit, place: PlaceName = "", dry_run: DryRun = False
) -> Response:
    """Bring what is sent into the index, or read it only."""
    where = _place(place)
    received = await receive(request)
    if dry_run:
        return await run_in_threadpool(_dry_run, received, where)
    return await run_in_threadpool(_add, received, where, audit, writer, jobs)


@router.delete(
    "/{notice_id}",
    summary="删除通知",
    description="从索引中删除一份通知及其全部条款。服务器上的文件不动，再次收录它所在的文件夹时会重新收录。",
    response_model=None,
    status_code=204,
    responses=documented(None, "cross_site", 404, "invalid_parameter", *HELD, status=204),
)
def delete_notice(service: Service, writer: Writing, audit: Audit, notice_id: NoticeId) -> Response:
    """Delete a notice."""
    wanted = clean(notice_id).strip()
    # Searched first: an index that is not there must not be made by deleting from it.
    if service.index.record(wanted) is None or not writer.remove(wanted, audit):
        raise NotFoundError(f"索引里没有编号为 {wanted} 的通知。请核对编号。")
    return Response(status_code=204)


def _place(name: str) -> Place | None:
    place = read_place(clean(name)) if name.strip() else None
    if name.strip() and place is None:
        raise QueryError(f"“{clean(name)}”不是地名。请写全称，如 福建省福州市鼓楼区。", code="bad_place")
    return place


def _dry_run(received: Received, place: Place | None) -> Response:
    """What would be stored of a file; deletes what was received."""
    try:
        parsed = read_alone(received.only_file(), place)
    finally:
        received.discard()
    found = assess(parsed)
    trust = {"confidence": round(found.confidence, 3), "doubts": msgspec.to_builtins(found.doubts)}
    return json_response(parse_answer(parsed) | trust)


def _add(received: Received, place: Place | None, auditor: Auditor, writer: Writer, jobs: Jobs) -> Response:
    """Store one file now, or several as a job; what was received is deleted in the end."""
    handed_over = False
    try:
        files = tuple(received.files())
        if len(files) == 1 and isinstance(files[0], File) and files[0].member is None:
            return _outcome_response(*writer.add_one(files[0], place, auditor))
        job = jobs.submit(received, files, place, auditor)
        handed_over = True
    finally:
        if not handed_over:
            received.discard()
    return json_response(job_answer(job), 202, headers={"Location": f"/api/v1/jobs/{job.id}"})


def _outcome_response(outcome: Outcome, notice: Notice) -> Response:
    answer: Answer = {
        "status": str(outcome.status),
        "notice": msgspec.to_builtins(notice),
        "items": outcome.items,
        "warnings": outcome.warnings,
    }
    status = 201 if outcome.status is Status.ADDED else 200
    return json_response(answer, status, headers={"Location": f"/api/v1/notices/{notice.id}"})

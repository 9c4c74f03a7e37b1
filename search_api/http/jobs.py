"""Routes of jobs: how far long work is."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from search_api.answers import Answer
from search_api.filter_values import clean
from search_api.http.answering import documented, json_response
from search_api.http.job_queue import JobQueue
from search_api.http.job_store import Job
from search_api.http.upload_schemas import JobAnswer, JobsAnswer

router = APIRouter(prefix="/jobs", tags=["任务"])

JobId = Annotated[str, Path(description="任务编号", examples=["5f0c2b7d9a31"])]


async def job_queue(request: Request) -> JobQueue:
    """The jobs of the application that answers `request`."""
    jobs: JobQueue = request.app.state.jobs
    return jobs


Jobs = Annotated[JobQueue, Depends(job_queue)]


def job_answer(job: Job) -> Answer:
    """A job with what became of each file."""
    return _summary(job) | {"outcomes": msgspec.to_builtins(job.outcomes)}


def _summary(job: Job) -> Answer:
    fields: Answer = msgspec.to_builtins(job)
    return {
        "id": job.id,
        "state": fields["state"],
        "done": len(job.outcomes),
        "total": job.total,
        "submitted": job.submitted,
        "started": job.started,
        "finished": job.finished,
        "error": fields["error"],
    }


@router.get(
    "",
    summary="任务",
    description="收录成批文件的任务，新的在前。",
    response_model=None,
    responses=documented(JobsAnswer, "invalid_parameter", "index"),
)
def list_jobs(
    jobs: Jobs, top: Annotated[int, Query(ge=1, le=100, description="最多几个", examples=[20])] = 20
) -> Response:
    """The last jobs."""
    return json_response({"jobs": [_summary(job) for job in jobs.last(top)]})


@router.get(
    "/{job_id}",
    summary="一个任务",
    description="进度，以及已处理的各份文件的结果。服务器重新启动时没有做完的任务为 interrupted：已收录的都在，其余的请重新上传。",
    response_model=None,
    responses=documented(JobAnswer, "not_found", "invalid_parameter", "index"),
)
def get_job(jobs: Jobs, job_id: JobId) -> Response:
    """A job."""
    return json_response(job_answer(jobs.get(clean(job_id))))


@router.delete(
    "/{job_id}",
    summary="取消任务",
    description="收录完手上的一份文件就停下；已收录的不撤回。已结束的任务保持原样。",
    response_model=None,
    responses=documented(JobAnswer, "cross_site", "not_found", "invalid_parameter", "index"),
)
def cancel_job(jobs: Jobs, job_id: JobId) -> Response:
    """Stop a job."""
    return json_response(job_answer(jobs.cancel(clean(job_id))))

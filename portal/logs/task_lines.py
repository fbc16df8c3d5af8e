"""A task bears the id of the request that asked for it, and writes one line when it ends."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from portal.logs import request_id

HEADER = "portal_request_id"

logger = logging.getLogger("portal.tasks")


@before_task_publish.connect
def send_the_id_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Put the request's id into the message; beat asks for tasks without a request."""
    asked_by = request_id.current.get()
    if headers is not None and asked_by:
        headers[HEADER] = asked_by


@task_prerun.connect
def take_the_id_over(task: Any = None, **kwargs: Any) -> None:
    """Until the task ends, its lines bear that id; run in the request's own thread, they do already."""
    if not task.request.is_eager:
        request_id.current.set(getattr(task.request, HEADER, None))
    task.request.started = time.perf_counter()


@task_postrun.connect
def write_the_line(task: Any = None, task_id: str = "", state: str | None = None, **kwargs: Any) -> None:
    """Name, id, state and time; never the arguments."""
    fields = {
        "task": task.name,
        "task_id": task_id,
        "state": state,
        "milliseconds": round((time.perf_counter() - task.request.started) * 1000, 1),
    }
    logger.info("task", extra={"fields": fields})
    if not task.request.is_eager:
        request_id.current.set(None)

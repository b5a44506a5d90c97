"""Responses of the simulated site: JSON, its error forms, and pages of HTML."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from drtui.demo.faults import Faults

PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"

NO_PRIVILEGE = "You do not have permissions to access this resource or perform this operation."


def answer(request: Request, value: Any, *, pretty: bool = False) -> Response:
    """Return `value` as JSON, or as a page if the request did not ask for JSON (docs/api.md#conventions)."""
    form = request.state.form.get("f", request.query_params.get("f", "html"))
    if form not in {"json", "pjson"}:
        return page("ArcGIS Enterprise Administrator API Directory")
    text = json.dumps(value, indent=2 if pretty or form == "pjson" else None)
    return Response(text, media_type="application/json;charset=utf-8")


def page(title: str, status: int = 200) -> Response:
    """Return a page of HTML."""
    headers = {"Retry-After": "1"} if status in {429, 503} else None
    return HTMLResponse(PAGE.format(title=title), status, headers)


def error(request: Request, code: int, message: str, *details: str) -> Response:
    """Return an error over HTTP 200, in the form that the faults select (docs/api.md#errors)."""
    faults: Faults = request.app.state.faults
    request.state.is_error = True
    if faults.error_form == 3:
        return answer(request, {"status": "error", "messages": [message, *details], "code": code})
    listed = None if faults.details_null else list(details)
    return answer(request, {"error": {"code": code, "message": message, "details": listed}})

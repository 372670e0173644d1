"""A table as a file to download: CSV or Excel, in which no cell can run as a formula."""

from collections.abc import Sequence
from datetime import datetime

from werkzeug.wrappers import Response

from core import sheet_files, workbooks
from core.clock import WIB

ROWS_MAX = 20_000


def moment(at: datetime) -> str:
    """A moment as spreadsheets read it, in Wonosobo's time."""
    return at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")


def answer(
    form: str, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]
) -> Response:
    """The file in the form asked for, saved under this name."""
    is_book = form == "xlsx"
    content = (workbooks if is_book else sheet_files).written(header, rows)
    response = Response(content, mimetype=workbooks.CONTENT_TYPE if is_book else "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response

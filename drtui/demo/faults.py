"""Observed faults of real sites, switched on one by one (SPEC sections 3, 4 and 6)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Faults:
    """What is wrong with the site; nothing, unless said."""

    only: tuple[str, ...] = ()
    """Only requests whose path holds one of these are hit; all, if empty."""
    html: bool = False
    """Every answer is a page of HTML, as from a login or an ingress."""
    status_code: int = 0
    """Every answer has this HTTP status, with a page of HTML."""
    error_form: int = 2
    """2: `{"error": …}`; 3: `{"status": "error", …}` (SPEC 3)."""
    error_code: int = 0
    """Every answer is an error body with this code, over HTTP 200."""
    details_null: bool = False
    missing_key: bool = False
    """Lists come under another key than the documented one."""
    drop: bool = False
    """The connection is closed without an answer."""
    hang: bool = False
    """No answer within two minutes."""
    redirect: str = ""
    job_without_result: bool = True
    needs_big_data_flag: bool = True
    """A store's update without `supportBDSBackup` is an error, as on 12.0."""
    expires_as_text: bool = False

    def hits(self, path: str) -> bool:
        """Whether a request of this path is among those that are hit."""
        return not self.only or any(each in path for each in self.only)

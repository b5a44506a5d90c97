"""The next step for each sentence of the headline, with the key of the interface that helps."""

from collections.abc import Sequence

_ADVICE = {
    "too-old": "Find out why no newer backup is usable: 1 enter shows schedules and the last operation.",
    "nothing-usable": "Make a backup now (1 a), and look at the reasons in the list.",
    "only-expired": "Extend the retention of the newest one (a e) before it is deleted, and make a backup (1 a).",
    "only-doubtful": "Make a backup now (1 a); the detail of each restore point (4) says what is doubtful.",
    "other-release": "Make a backup on this release (1 a); the older ones need a site of their own release.",
    "not-what-it-says": "Do not restore it. b finds the newest usable restore point before a moment.",
    "failed-run": "Look at the failed restore points in the list (verdict), and make a backup now (1 a).",
    "missed-run": "Look at the schedule in ArcGIS Enterprise Manager, and make a backup now (1 a).",
    "recent-run": "t shows the runs over time.",
    "paused": "Resume the schedule (1 a), if nobody paused it on purpose.",
    "no-schedule": "Create a schedule (1 a), or make sure that another one replaces it.",
    "schedule-not-begun": "Nothing to do before its first run.",
    "schedule-state": "Open the schedule in ArcGIS Enterprise Manager, and save it with the state that you want.",
    "schedule-unjudged": "Look at the schedule in ArcGIS Enterprise Manager: drtui cannot say if it works.",
    "schedules-unread": "With 403, sign in as an administrator (o); otherwise D diagnoses the connection.",
    "status-unread": "With 403, sign in as an administrator (o); otherwise D diagnoses the connection.",
    "settings-unread": "With 403, sign in as an administrator (o); otherwise D diagnoses the connection.",
    "restore": "Wait until it ends; drtui follows it and shows the outcome here.",
    "operation": "1 enter shows the operation with all its sources.",
    "over-limit": "Look at the pods of the site; a backup that hung blocks the next one.",
    "vanished": "Somebody deleted them, or storage was lost: t shows when.",
    "expires-soon": "Extend the retention of the newest usable restore point (a e), or make a backup (1 a).",
    "expires-first": "Extend its retention (a e): the cleaner deletes it before older ones.",
    "timeout-near": "Raise the time limit (1 a) before the site cancels a backup.",
    "cleaner": "Resume the cleaner (1 a) before the stores are full.",
    "default-store": "Choose one default store in ArcGIS Enterprise Manager.",
    "store-release": "Validate these stores (2 a v) before you rely on them.",
    "clock-skew": "Synchronise the clocks: ages in other tools are wrong by as much.",
    "site-read-only": "Find out who set the mode, and make a backup as soon as it ends.",
    "signed-out": "Press o and sign in again; nothing on the screen is lost.",
    "unread": "D diagnoses the connection; E shows the last error in full.",
}

_CONNECTION = "D diagnoses the connection step by step; E shows the last error in full."


def advice_for(codes: Sequence[str]) -> str:
    """Return the next step for the first of these codes of the health check that has one; empty if none has."""
    return next((_ADVICE[code] for code in codes if code in _ADVICE), "")


def advice_for_unknown(codes: Sequence[str]) -> str:
    """Return the next step if the state of the site cannot be determined."""
    return advice_for(codes) or _CONNECTION

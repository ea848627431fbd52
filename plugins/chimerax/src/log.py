"""Lines in the log and in the status line."""

from __future__ import annotations

from html import escape


def report(session, text: str, *links: tuple[str, str]) -> None:
    """One line in the log; links are pairs of a command and its label."""
    if not links or not session.ui.is_gui:
        session.logger.info(text)
        return
    anchors = " ".join(f'<a href="cxcmd:{escape(command)}">{escape(label)}</a>' for command, label in links)
    session.logger.info(f"{escape(text)} {anchors}", is_html=True)


def progress_text(job) -> str:
    """`LocScale 3 on map.mrc #1: scaling 45 % (2 min left)`."""
    volume = job.target
    where = "" if volume is None else f" on {volume.name_with_id()}"
    latest = job.latest or {}
    left = latest.get("remainingSeconds")
    return (
        f"LocScale {job.number}{where}: {latest.get('message', '')} {100 * job.fraction:.0f} %"
        f"{'' if left is None else f' ({duration(left)} left)'}"
    )


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `2 min 5 s`, `1 h 4 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"

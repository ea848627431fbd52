"""What the bundle remembers between sessions of ChimeraX. No token is among it: those stay in their files."""

from chimerax.core.settings import Settings


class _LocScaleSettings(Settings):
    EXPLICIT_SAVE = {
        "program": "",  # path of the program locscale; empty: the one on PATH
        "url": "",  # address of a daemon elsewhere; empty: the one of this machine
        "token_file": "",  # file with the token of that daemon
        "ca_file": "",  # certificate of that daemon, when it is signed by itself
        "autostart": True,  # start a daemon when a command needs one
        "preview": True,  # show sections of the result while the job runs
        "share": True,  # show maps that are worked on to the other viewers of the daemon
        "palette": "",  # of confidence colours; empty: the bundle's own
    }


def settings(session):
    """The settings, one object a session."""
    if not hasattr(session, "_locscale_settings"):
        session._locscale_settings = _LocScaleSettings(session, "locscale")
    return session._locscale_settings

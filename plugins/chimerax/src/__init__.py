"""LocScale in ChimeraX: commands, panel, toolbar and presets of the bundle."""

from chimerax.core.toolshed import BundleAPI

__version__ = "0.1.0"


class _LocScaleBundle(BundleAPI):
    api_version = 1

    @staticmethod
    def register_command(bi, ci, logger):
        from .commands import register

        register(ci.name, logger)

    @staticmethod
    def start_tool(session, bi, ti):
        from .panel import LocScalePanel

        return LocScalePanel.open(session)

    @staticmethod
    def run_provider(session, name, mgr, **kw):
        from .buttons import run_button, run_preset

        if mgr is session.toolbar:
            run_button(session, name)
        else:
            run_preset(session, name, mgr)

    @staticmethod
    def get_class(class_name):
        if class_name == "Results":
            from .results import Results

            return Results
        if class_name == "LocScalePanel":
            from .panel import LocScalePanel

            return LocScalePanel
        return None


bundle_api = _LocScaleBundle()

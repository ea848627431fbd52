from .tool import LocScalePanel

__all__ = ["LocScalePanel"]

"""Client of the LocScale daemon on the standard library alone: nothing here knows ChimeraX."""

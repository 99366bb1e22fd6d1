"""The area's total: level, season and calendar carried forward, so that cells only say where."""

"""Out of a ledger: the formats that this field already uses, each declared once.

>>> from sayso import export, ledger
>>> with ledger.open_ledger("sayso.db") as book:
...     export.export(book, ["claims.csv", "geojson"], "out", country=["ML"])
"""

from sayso.export.declared import Options
from sayso.export.registry import FORMATS
from sayso.export.run import Exported, export

__all__ = ["FORMATS", "Exported", "Options", "export"]

"""Sources to reports: files, folders, pages and standard input, each report apart, so that a bad one stops no other.

`read` is the way in. Its values are `sayso.model.Report`, or `Failure` where one could not be had. Importing this
package loads neither the HTML parser (it lives in a child process) nor the network client.
"""

from __future__ import annotations

from sayso.ingest.reports import Options
from sayso.ingest.sources import Failure, read

__all__ = ["Failure", "Options", "read"]

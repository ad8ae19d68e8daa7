"""All formats, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sayso.export import (
    acled,
    cline,
    coders,
    evidence,
    followthemoney,
    gdelt,
    geojson,
    network,
    rows,
    ucdp,
    webannotation,
)
from sayso.export.declared import Format

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        form.name: form
        for form in (
            *rows.FORMATS,
            *coders.FORMATS,
            acled.FORMAT,
            ucdp.FORMAT,
            cline.FORMAT,
            gdelt.FORMAT,
            geojson.FORMAT,
            webannotation.FORMAT,
            followthemoney.FORMAT,
            network.FORMAT,
            evidence.FORMAT,
        )
    }
)

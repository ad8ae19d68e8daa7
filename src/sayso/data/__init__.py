"""Files that ship with Sayso: ontology, gazetteer, names, weights."""

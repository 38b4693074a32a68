// Whoever speaks with a node speaks in terms.
@_exported import ErlangTerms

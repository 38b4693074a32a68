import GenAPITelemetry

/// The range in which numbers from a gateway are believed, those of its states as all others.
typealias Bounds = NumberBound

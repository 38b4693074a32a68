/// Which version of the specification a text is written for. Texts of both are read.
public enum TOONVersion: String, Sendable, CaseIterable {
  /// Readable by decoders of version 3 too: no keyed tables, no groups of fields in a header, and an empty array is
  /// `key[0]:`.
  case v3 = "3.0"
  /// All that version 4 offers, in the fewest bytes.
  case v4 = "4.0"
}

@_exported import OrderedCollections
@_exported import OutsideText

/// A JSON-like value: what requests carry, functions return and telemetry metadata holds.
///
/// Both JSON text and Erlang terms map to it without loss: integers stay integers, whatever their size, bytes stay bytes,
/// texts are equal when their bytes are, and objects keep the order of their keys.
public enum Value: Sendable, Hashable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number of 64 bits.
  case int(Int64)
  /// An integer beyond 64 bits.
  case wideInteger(WideInteger)
  /// A number with a fraction, or beyond 64 bits.
  case double(Double)
  /// A text.
  case string(ByteText)
  /// Raw bytes. JSON has no such type: they are written as a Base64 string.
  case bytes([UInt8])
  /// Values in order.
  case array([Value])
  /// Values by name, in their order.
  case object(ValueObject)
}

/// The fields of an object, in the order they were written.
public typealias ValueObject = OrderedDictionary<ByteText, Value>

import OutsideText

/// An Erlang term.
///
/// The usual kinds lie flat, so that reading one allocates nothing; the rare and the large ones are boxed.
///
/// Follows the External Term Format: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
public enum Term: Hashable, Sendable {
  /// An integer that fits 64 bits.
  case integer(Int64)
  /// One that does not.
  indirect case bigInteger(BigInteger)
  /// A number with a fraction.
  case float(Double)
  /// An atom.
  case atom(ByteText)
  /// A tuple.
  case tuple([Term])
  /// A proper list.
  case list([Term])
  /// A list that ends in something other than the empty list: `[a, b | c]`.
  indirect case improperList([Term], tail: Term)
  /// Bytes.
  case binary([UInt8])
  /// A bit string whose last byte holds only `bits` (1 … 7) bits, in its high end.
  indirect case bitString([UInt8], bits: UInt8)
  /// A map.
  case map(TermMap)
  /// A process.
  indirect case pid(Pid)
  /// A port.
  indirect case port(Port)
  /// A reference.
  indirect case reference(Reference)
  /// `fun module:function/arity`.
  indirect case export(module: ByteText, function: ByteText, arity: UInt8)
  /// A closure, which only the node that made it can run: kept as the bytes it came as, tag included.
  case opaqueFun([UInt8])
}

/// An Erlang term.
///
/// Follows the External Term Format: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
public indirect enum Term: Hashable, Sendable {
  /// An integer that fits 64 bits.
  case integer(Int64)
  /// One that does not.
  case bigInteger(BigInteger)
  case float(Double)
  case atom(String)
  case tuple([Term])
  /// A proper list.
  case list([Term])
  /// A list that ends in something other than the empty list: `[a, b | c]`.
  case improperList([Term], tail: Term)
  case binary([UInt8])
  /// A bit string whose last byte holds only `bits` (1 … 7) bits, in its high end.
  case bitString([UInt8], bits: UInt8)
  case map(TermMap)
  case pid(Pid)
  case port(Port)
  case reference(Reference)
  /// `fun module:function/arity`.
  case export(module: String, function: String, arity: UInt8)
  /// A closure, which only the node that made it can run: kept as the bytes it came as, tag included.
  case opaqueFun([UInt8])
}

import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the bound of a number may be written as: `min: 1`, `max: Self.mostPages`, `max: 0.5`.
public protocol ArgumentBound: Sendable {
  /// The number as a config has it; a duration in milliseconds.
  var argumentBound: Value { get }
}

extension ArgumentBound where Self: FixedWidthInteger {
  public var argumentBound: Value {
    if let number = Int64(exactly: self) { return .int(number) }
    return WideInteger(ByteText("\(self)")).map(Value.wideInteger) ?? .double(Double(self))
  }
}

extension Int: ArgumentBound {}
extension Int8: ArgumentBound {}
extension Int16: ArgumentBound {}
extension Int32: ArgumentBound {}
extension Int64: ArgumentBound {}
extension UInt: ArgumentBound {}
extension UInt8: ArgumentBound {}
extension UInt16: ArgumentBound {}
extension UInt32: ArgumentBound {}
extension UInt64: ArgumentBound {}
extension Int128: ArgumentBound {}
extension UInt128: ArgumentBound {}

extension Double: ArgumentBound {
  public var argumentBound: Value { Int64(exactly: self).map(Value.int) ?? .double(self) }
}

extension Float: ArgumentBound {
  public var argumentBound: Value { asWritten.argumentBound }
}

extension Decimal: ArgumentBound {
  public var argumentBound: Value { (try? Value(json: "\(self)")) ?? .double(.nan) }
}

extension Duration: ArgumentBound {
  public var argumentBound: Value { (self / .milliseconds(1)).argumentBound }
}

import GenAPIValue

/// The cases of an enumeration that is an argument, or is in one.
enum ArgumentCases {
  /// More are not looked at.
  private static let most = 1_000

  /// What the bounds of an argument refuse of its own type's cases.
  static func faults(of type: Any.Type, _ name: ByteText, _ spec: ArgumentSpec) -> [ByteText] {
    switch type {
    case let optional as any WrappingType.Type: return faults(of: optional.wrapped, name, spec)
    case let list as any ListType.Type:
      return values(of: list.element).compactMap { fault(.array([$0]), $0, name, spec) }.first.map { [$0] }
        ?? []
    default:
      return values(of: type).compactMap { fault($0, $0, name, spec) }.first.map { [$0] } ?? []
    }
  }

  private static func fault(_ value: Value, _ ownCase: Value, _ name: ByteText, _ spec: ArgumentSpec)
    -> ByteText?
  {
    do {
      _ = try ArgumentConverter().convert(value, name: name, spec: spec)
      return nil
    } catch {
      return "the case \(ownCase.json(cut: 80)) of its type is refused by its own bounds: \(error)"
    }
  }

  private static func values(of type: Any.Type) -> [Value] {
    guard let type = type as? any CaseIterable.Type else { return [] }
    return encoded(type)
  }

  /// Cases that a schema names.
  private static let mostTold = 256

  /// All values that a type takes; nil for one that is no enumeration of texts or numbers, and for one that takes others beside its cases.
  static func only<T: Decodable>(of type: T.Type) -> CaseValues {
    let values = values(of: type)
    guard (1...mostTold).contains(values.count), values.allSatisfy({ $0.string != nil || $0.double != nil })
    else { return CaseValues() }
    let texts = values.compactMap(\.string?.string)
    let others: [Value] =
      ["\u{1}", "", -987_654_321]
      + texts.flatMap { [$0.uppercased(), $0.lowercased(), " \($0)"] }.map { .string(ByteText($0)) }
    let isOpen = others.contains {
      !values.contains($0) && (try? ValueDecoder().decode(type, from: $0)) != nil
    }
    return CaseValues(values: isOpen ? nil : values)
  }

  private static func encoded<Cases: CaseIterable>(_ type: Cases.Type) -> [Value] {
    type.allCases.prefix(most).compactMap { ownCase in
      (ownCase as? any Encodable).flatMap { try? ValueEncoder().encode($0) }
    }
  }
}

protocol WrappingType { static var wrapped: Any.Type { get } }
extension Optional: WrappingType { static var wrapped: Any.Type { Wrapped.self } }

protocol ListType { static var element: Any.Type { get } }
extension Array: ListType { static var element: Any.Type { Element.self } }

import GenAPITelemetry
import GenAPIValue
import TopModel

/// What Tab offers behind the terms of a filter, sorted; without names that have to stand in quotes.
struct FilterValues: Equatable, Sendable {
  static let categories = EventCategory.allCases.map(\.rawValue)

  private let byTerm: [String: [String]]

  init(_ names: ScreenNames) {
    func sorted(_ values: [ByteText]) -> [String] {
      Set(values).sortedNaturally().map(\.string).filter { FilterWriting.written(ByteText($0)) == $0 }
    }
    byTerm = [
      "service": sorted(names.services), "type": sorted(names.functions.map(\.requestType)),
      "node": sorted(names.nodes), "version": sorted(names.versions), "cat": Self.categories,
      "event": EventName.allCases.map(\.shortName.string), "status": ["ok", "error", "rejected", "slow"],
    ]
  }

  subscript(term: String) -> [String] { byTerm[term] ?? [] }
}

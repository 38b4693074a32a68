import GenAPITelemetry
import GenAPIValue
import Locking

/// The functions that gateways have configs of, each once and by name, for as long as no gateway's list changes: putting ten
/// thousand in order for every frame costs more than the rest of it.
final class KeptFunctions: Sendable {
  /// What one gateway has; numbers of a silent one give way to those of any other.
  struct List: Sendable {
    var functions: [FunctionState]
    var isStale: Bool
  }

  fileprivate struct Kept: Sendable {
    /// Held, so that a list that lies where one of these does is that one.
    var lists: [List]
    var merged: FunctionList
  }

  private let kept = Mutex<Kept?>(nil)

  /// All of them together.
  func merged(_ lists: [List]) -> FunctionList {
    kept.withLock { kept in
      if let kept, kept.isOf(lists) { return kept.merged }
      let merged = Self.merge(lists)
      kept = Kept(lists: lists, merged: merged)
      return merged
    }
  }

  /// The same, put together anew.
  static func merge(_ lists: [List]) -> FunctionList {
    var functions: [(state: FunctionState, isStale: Bool)] = []
    var places: [ByteText: Int] = [:]
    for list in lists {
      for function in list.functions {
        let key = function.entryKey
        if let place = places[key] {
          if functions[place].isStale, !list.isStale { functions[place] = (function, false) }
        } else {
          places[key] = functions.count
          functions.append((function, list.isStale))
        }
      }
    }
    // Places are put in order, not the functions, each of which is ten times as long.
    return FunctionList(
      places.sorted { $0.key.precedesNaturally($1.key) }.map { functions[$0.value].state })
  }
}

extension KeptFunctions.Kept {
  func isOf(_ others: [KeptFunctions.List]) -> Bool {
    lists.count == others.count
      && zip(lists, others).allSatisfy { $0.isStale == $1.isStale && $0.functions.shares($1.functions) }
  }
}

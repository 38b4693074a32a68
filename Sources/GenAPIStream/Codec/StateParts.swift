import GenAPITelemetry

/// Puts the pieces of a state that did not fit into a line together, so that nobody sees half of it.
struct StateParts {
  private enum Begun {
    case snapshot(GatewayState)
    case change(GatewayStateChange)
  }

  private var begun: (at: Int64, sequence: Int64, pieces: Int, Begun)?

  /// Lines of 1 MiB that are held: a gateway may send any number. A longer state is handed on in several.
  static let mostPieces = 8

  /// What was handed on last is a part of a state that has more pieces than are held.
  private(set) var gavePart = false

  /// A state has begun, and its rest is still to come.
  var isHolding: Bool { begun != nil }

  /// - Parameter hasMore: the rest of this state follows.
  /// - Returns: what is whole now, in its order; nothing while more is to come.
  mutating func take(_ frame: Frame, hasMore: Bool) -> [Frame] {
    gavePart = false
    if case .state(let at, let sequence, let piece) = frame, let known = begun, known.at == at,
      known.sequence == sequence
    {
      begun = (at, sequence, known.pieces + 1, Self.merged(known.3, piece))
      if hasMore, known.pieces + 1 < Self.mostPieces { return [] }
      gavePart = hasMore
      return flush()
    }
    // Whatever comes in between, what was held is not lost.
    let held = flush()
    guard hasMore else { return held + [frame] }
    switch frame {
    case .snapshot(let at, let sequence, let state): begun = (at, sequence, 1, .snapshot(state))
    case .state(let at, let sequence, let change): begun = (at, sequence, 1, .change(change))
    default: return held + [frame]
    }
    return held
  }

  /// What is held, though its rest did not come.
  mutating func flush() -> [Frame] {
    guard let (at, sequence, _, whole) = begun else { return [] }
    begun = nil
    switch whole {
    case .snapshot(let state): return [.snapshot(at: at, sequence: sequence, state)]
    case .change(let change): return [.state(at: at, sequence: sequence, change)]
    }
  }

  private static func merged(_ begun: Begun, _ piece: GatewayStateChange) -> Begun {
    switch begun {
    case .snapshot(var state):
      state.apply(piece)
      return .snapshot(state)
    case .change(var change):
      change.merge(piece)
      return .change(change)
    }
  }
}

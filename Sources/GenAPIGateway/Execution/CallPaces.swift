import GenAPIValue

/// One pace for all configs that name the same function, with the same arguments before its own: what one of them has shown holds
/// for the others.
///
/// A gateway may have thousands of configs and versions of a few functions. Were each watched apart, most calls would be handed to
/// another thread for as long as it runs.
struct CallPaces {
  private struct Entry {
    weak var pace: CallPace?
  }

  private static let least = 64

  private var entries: [FunctionReference: Entry] = [:]
  /// When there are so many, those that no config has any more are thrown away.
  private var most = Self.least

  /// Functions that it knows of, some of which no config may name any more.
  var count: Int { entries.count }

  /// That of a function, which whoever asks keeps: it is forgotten with the last config that names the function.
  mutating func pace(of function: FunctionReference) -> CallPace {
    if let pace = entries[function]?.pace { return pace }
    if entries.count >= most {
      entries = entries.filter { $0.value.pace != nil }
      most = max(Self.least, 2 * entries.count)
    }
    let pace = CallPace()
    entries[function] = Entry(pace: pace)
    return pace
  }
}

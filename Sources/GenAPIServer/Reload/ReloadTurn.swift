/// When a configuration is read again of which a file has changed: once none of all its files is being written, whichever has changed.
///
/// Half of a file of functions reads as one without the others. It only counts looks: whoever has it looks.
package struct ReloadTurn: Sendable {
  /// What is to be done after a look.
  package enum Step: Equatable {
    case nothing
    /// It waits for these, which were changed since the look before; told once.
    case waits([String])
    /// It is read, though these are still written: they were waited for long enough.
    case read(inSpiteOf: [String])
  }

  /// Looks, each as often as one has to be seen again, that a change waits for files that do not stand still, such as one to which something is added all the time.
  package static let mostLooks = 12

  private var marks: [String: FileMark?] = [:]
  private var isDue = false
  private var waited = 0
  private var stillLooks = 0
  private var lastMoving: [String] = []

  package init() {}

  /// Looks at all the files of a configuration.
  ///
  /// - Parameters:
  ///   - isDue: something has changed that is to be read.
  ///   - looks: how often all have to be seen again as they were.
  package mutating func look(at paths: Set<String>, isDue: Bool, seenAgain looks: Int = 1) -> Step {
    let now = Self.marks(paths)
    let moving = paths.filter { marks[$0] != nil && marks[$0] != now[$0] }.sorted()
    marks = now
    if moving.isEmpty {
      stillLooks = min(stillLooks + 1, looks)
    } else {
      (stillLooks, lastMoving) = (0, moving)
    }
    self.isDue = self.isDue || isDue
    guard self.isDue else { return .nothing }
    guard stillLooks >= looks || waited >= Self.mostLooks * looks else {
      waited += 1
      return waited == 1 && !lastMoving.isEmpty ? .waits(lastMoving) : .nothing
    }
    (self.isDue, waited) = (false, 0)
    return .read(inSpiteOf: stillLooks >= looks ? [] : lastMoving)
  }

  /// Whether all files are as they were at the last look: asked when they were read, and before what was read is in force.
  package func isUnmoved() -> Bool { Self.marks(Set(marks.keys)) == marks }

  /// What was read was half of something: it is read again once that stands still.
  package mutating func putOff() { isDue = true }

  private static func marks(_ paths: Set<String>) -> [String: FileMark?] {
    Dictionary(uniqueKeysWithValues: paths.map { ($0, FileMark($0)) })
  }
}

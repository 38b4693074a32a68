import Foundation
import Locking
import TopScreen

/// The last words of a program that crashes: the signal, what was being done, and what to do now.
///
/// `write` is called from signal handlers, so it makes only async-signal-safe calls, and every piece of text is a
/// literal that lies in the binary.
enum CrashReport {
  /// What the loop is doing. The raw value is 0 to 9 plus a pane's place in their list while that pane is drawn.
  enum Activity: Equatable {
    case waiting, takingNews, handlingInput, drawing
    case drawingPane(PaneKind)

    var rawValue: Int {
      switch self {
      case .waiting: 0
      case .takingNews: 1
      case .handlingInput: 2
      case .drawing: 3
      case .drawingPane(let pane): 10 + pane.rawValue
      }
    }

    init(rawValue: Int) {
      switch rawValue {
      case 1: self = .takingNews
      case 2: self = .handlingInput
      case 3: self = .drawing
      default: self = PaneKind(rawValue: rawValue - 10).map { .drawingPane($0) } ?? .waiting
      }
    }

    var words: StaticString {
      switch self {
      case .waiting: "while it waited for something to do"
      case .takingNews: "while it took in what the gateways sent"
      case .handlingInput: "while it handled a key"
      case .drawing: "while it drew the screen"
      case .drawingPane: "while it drew the pane "
      }
    }

    /// What the words are about; empty when they say it all.
    var subject: StaticString {
      if case .drawingPane(let pane) = self { pane.literalTitle } else { "" }
    }
  }

  private static let current = Atomic<Int>(0)

  /// Of the thread that owns the screen; the crash itself may be another thread's.
  static var activity: Activity {
    get { Activity(rawValue: current.load(ordering: .relaxed)) }
    set { current.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// To standard error, after the terminal was given back.
  static func write(signal: Int32) {
    let activity = activity
    send(opening)
    send(name(of: signal))
    send(middle)
    send(activity.words)
    send(activity.subject)
    send(ending)
  }

  /// The same as one text.
  static func text(signal: Int32, activity: Activity) -> String {
    [opening, name(of: signal), middle, activity.words, activity.subject, ending].map { "\($0)" }.joined()
  }

  private static let opening: StaticString = "genapi-top crashed ("
  private static let middle: StaticString = ") "
  private static let ending: StaticString =
    ".\nThe terminal is as it was before. Please report this with the lines above: see BUGS in genapi-top(1).\n"

  private static func name(of signal: Int32) -> StaticString {
    switch signal {
    case SIGSEGV: "SIGSEGV, a bad memory access"
    case SIGBUS: "SIGBUS, a bad memory access"
    case SIGILL: "SIGILL, a failed check of the program"
    case SIGTRAP: "SIGTRAP, a failed check of the program"
    case SIGABRT: "SIGABRT, an abort"
    default: "SIGFPE, a bad calculation"
    }
  }

  private static func send(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}

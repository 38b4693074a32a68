import CEarlySignals
import ProgramOutput

/// The signals that are ignored while the program starts.
enum EarlySignals {
  /// Gives them back the meaning that they had when the program began, for a command that does not serve.
  static func restore() {
    early_signals_restore()
    // Among them is one that ends a first process only where it is handled.
    FirstProcess.endsBySignals()
  }
}

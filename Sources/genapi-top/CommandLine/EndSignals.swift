import Dispatch
import Foundation

/// Waits for a program without a screen to be told to end.
final class EndSignals {
  private let told = DispatchSemaphore(value: 0)
  private var sources: [any DispatchSourceSignal] = []

  /// From now on SIGINT, SIGTERM and SIGHUP are waited for, instead of ending the program at once.
  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [told] in told.signal() }
      source.resume()
      sources.append(source)
    }
  }

  func wait() { told.wait() }
}

import Locking
import Logging
import NIOCore

/// Tells the log what strangers cause, without letting them fill it: the first of a kind from an address is a line, and what
/// else comes within a minute is one line more, with its number.
///
/// One a listener. However many addresses there are, a minute has at most 256 lines of each sort.
public final class StrangerLog: Sendable {
  public static let window = TimeAmount.seconds(60)
  public static let mostAddresses = 256

  private struct State {
    var counts = StrangerCounts<Logger.Level>(limit: StrangerLog.mostAddresses)
    var isWindowOpen = false
  }

  private let logger: Logger
  private let loop: any EventLoop
  private let state = Mutex(State())

  /// - Parameter loop: whose clock tells when a window is over.
  public init(logger: Logger, loop: any EventLoop) {
    self.logger = logger
    self.loop = loop
  }

  /// - Parameters:
  ///   - message: what happened, in words that strangers have no part in.
  ///   - kind: why, where one address may cause it for several reasons; short. It is told as the reason of what was left
  ///     out.
  ///   - address: who caused it: an address without a port, or a node's name.
  ///   - metadata: asked for only when the line is written.
  public func note(
    _ level: Logger.Level, _ message: String, kind: String? = nil, from address: String,
    metadata: @autoclosure () -> Logger.Metadata = [:]
  ) {
    guard logger.logLevel <= level else { return }
    let counted = StrangerAddress.of(address)
    let (isTold, opens) = state.withLock { state in
      let isTold = state.counts.note(message, kind, from: counted, level)
      defer { state.isWindowOpen = true }
      return (isTold, !state.isWindowOpen)
    }
    if opens { loop.scheduleTask(in: Self.window) { [weak self] in self?.endWindow() } }
    guard isTold else { return }
    logger.log(level: level, "\(message)", metadata: ["address": "\(address)"].merging(metadata()) { $1 })
  }

  /// Tells what was left out, as far as nobody was told; also to be called when the listener ends.
  public func endWindow() {
    let left = state.withLock { state in
      state.isWindowOpen = false
      return state.counts.close()
    }
    for left in left {
      var metadata: Logger.Metadata = ["what": "\(left.what)", "count": .stringConvertible(left.count)]
      if let kind = left.kind { metadata["reason"] = "\(kind)" }
      if let address = left.address { metadata["address"] = "\(address)" }
      logger.log(
        level: left.level,
        left.address == nil
          ? "the same from other addresses was left out here" : "more of the same was left out here",
        metadata: metadata)
    }
  }
}

import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The last descriptors of the process, which clients do not get: who operates a gateway can ask it and watch it however many
/// come.
///
/// The system gives a connection the lowest number that is free (POSIX, `accept`), so a high one says how many others are
/// taken without anybody counting them.
public struct DescriptorReserve: Sendable, Equatable {
  /// What a client that has come may have.
  public enum Room: Sendable, Equatable {
    case enough
    /// An answer, and no socket.
    case answer
    /// Nothing: its connection is closed.
    case nothing
  }

  /// As many as health, control, telemetry and nodes are left with where there are many.
  private static let most: UInt64 = 64

  private let firstAnswered: UInt64
  private let firstClosed: UInt64
  private let firstLast: UInt64
  private let firstScarce: UInt64
  private let share: Int

  /// - Parameter limit: descriptors that the process may have open. An eighth of them is kept, 64 at most, and as many more
  ///   for answers.
  public init(limit: UInt64) {
    let kept = min(Self.most, limit / 8)
    firstClosed = limit - kept
    firstAnswered = firstClosed - kept
    firstLast = limit - min(4, limit / 16)
    firstScarce = firstAnswered - kept
    share = Int(max(2, min(Self.most, limit / 16)))
  }

  /// The one of this process, as its limit is now; nil where the system does not tell.
  public static var ofProcess: DescriptorReserve? {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return nil }
    return DescriptorReserve(limit: UInt64(limit.rlim_cur))
  }

  /// - Parameter descriptor: of the client's connection, which has just been accepted.
  public func room(of descriptor: CInt) -> Room {
    let number = UInt64(max(0, descriptor))
    return number >= firstClosed ? .nothing : number >= firstAnswered ? .answer : .enough
  }

  /// Whether a connection took one of the few that the process itself needs at any moment: the system's library for threads ends
  /// it where it can open no file.
  public func isLast(_ descriptor: CInt) -> Bool { UInt64(max(0, descriptor)) >= firstLast }

  /// How many connections that say nothing a door of operators or nodes may have when one has come to it; nil while there are
  /// descriptors for all.
  ///
  /// Silent ones at one door would take those of all others for as long as they stay.
  public func mostSilent(afterComing descriptor: CInt) -> Int? {
    UInt64(max(0, descriptor)) >= firstScarce ? share : nil
  }

  /// The same of a channel that has just been accepted, by the limit of this process. Called on its event loop.
  public static func mostSilent(afterComing channel: any Channel) -> Int? {
    guard let reserve = ofProcess, let descriptor = reserve.descriptor(of: channel) else { return nil }
    return reserve.mostSilent(afterComing: descriptor)
  }

  /// Refuses a connection that has just been accepted, whoever comes, where it took one of the last few. Called on its event loop.
  ///
  /// - Throws: `ChannelError.ioOnClosedChannel`, which closes it.
  public static func keepLast(from channel: any Channel) throws {
    guard let reserve = ofProcess, let descriptor = reserve.descriptor(of: channel),
      reserve.isLast(descriptor)
    else { return }
    AcceptRefusals.shared.count()
    throw ChannelError.ioOnClosedChannel
  }

  /// The same of a channel; enough for one that has no descriptor, as in tests. Called on its event loop.
  public func room(of channel: any Channel) -> Room {
    descriptor(of: channel).map { room(of: $0) } ?? .enough
  }

  private func descriptor(of channel: any Channel) -> CInt? {
    try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
  }
}

import GenAPIValue

/// A subscriber of this gateway's stream.
public struct SubscriberState: StateEntry {
  /// The number of its connection.
  public var id: Int
  /// Its address; `unix` for one of a Unix socket.
  public var peer: ByteText
  /// Event frames written.
  public var sent: Int64
  /// Events it missed because it was too slow.
  public var dropped: Int64
  /// Bytes that wait to be taken by it.
  public var bufferedBytes: Int

  public var entryKey: ByteText { "\(id)" }
  public var owner: StateOwner { .gateway }

  public init(id: Int, peer: ByteText, sent: Int64 = 0, dropped: Int64 = 0, bufferedBytes: Int = 0) {
    self.id = id
    self.peer = peer
    self.sent = sent
    self.dropped = dropped
    self.bufferedBytes = bufferedBytes
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&peer)
    editor.count(&sent)
    editor.count(&dropped)
    editor.count(&bufferedBytes)
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case peer
    case sent
    case dropped
    case bufferedBytes = "buffered_bytes"
  }
}

import OutsideText

/// A process of a node.
public struct Pid: Hashable, Sendable {
  /// The node that the process runs on.
  public var node: ByteText
  /// The process's number.
  public var id: UInt32
  /// The second part of its number.
  public var serial: UInt32
  /// Which of the node's lives it is of.
  public var creation: UInt32

  public init(node: ByteText, id: UInt32, serial: UInt32, creation: UInt32) {
    self.node = node
    self.id = id
    self.serial = serial
    self.creation = creation
  }
}

/// A port of a node.
public struct Port: Hashable, Sendable {
  /// The node that the port is of.
  public var node: ByteText
  /// The port's number.
  public var id: UInt64
  /// Which of the node's lives it is of.
  public var creation: UInt32

  public init(node: ByteText, id: UInt64, creation: UInt32) {
    self.node = node
    self.id = id
    self.creation = creation
  }
}

/// A reference made by a node.
public struct Reference: Hashable, Sendable {
  /// The node that made it.
  public var node: ByteText
  /// Which of the node's lives it is of.
  public var creation: UInt32
  /// One to five words; three in every node of today.
  public var ids: [UInt32]

  public init(node: ByteText, creation: UInt32, ids: [UInt32]) {
    self.node = node
    self.creation = creation
    self.ids = ids
  }
}

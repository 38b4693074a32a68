/// Tells that the system lets the process have too few descriptors to run at all.
public struct DescriptorLimitError: Error, CustomStringConvertible {
  public let limit: UInt64

  public var description: String {
    "the system lets the process have \(limit) descriptors, fewer than it needs to run at all: raise that (LimitNOFILE, ulimit -n)"
  }
}

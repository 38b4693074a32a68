/// Tells that the system lets the process have too few descriptors to run at all.
package struct DescriptorLimitError: Error, CustomStringConvertible {
  package let limit: UInt64

  package var description: String {
    "the system lets the process have \(limit) descriptors, fewer than it needs to let a client in: raise that (LimitNOFILE, ulimit -n)"
  }
}

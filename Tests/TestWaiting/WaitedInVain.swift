/// Tells that what a test waited for did not happen, and where it waited.
public struct WaitedInVain: Error {
  public let file: String
  public let line: UInt
}

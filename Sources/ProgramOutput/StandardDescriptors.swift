#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The descriptors 0, 1 and 2, which whoever starts a program may have closed.
public enum StandardDescriptors {
  /// Gives those that are closed to something that can be neither read nor written, so that no file or socket that the
  /// program opens gets their number, and what is meant for people: writing to them is an error as before.
  ///
  /// To be called before anything is opened.
  public static func ensure() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number, which is this one. Input is opened for writing and output for reading.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

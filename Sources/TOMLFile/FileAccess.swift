#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who else can get at a file that this program trusts.
public enum FileAccess {
  /// What is wrong with the access to a file, in words that name it and say what would be right; nil when nothing is, or
  /// when it is no plain file (a pipe, say) or is not there.
  ///
  /// Others may write none of them, nor own them. A secret they may not read either; only a group may, when root owns the
  /// file, as packages install secrets for a service.
  ///
  /// - Parameter isSecret: it holds a secret, and not just settings.
  public static func warning(for path: String, isSecret: Bool) -> String? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return warning(
      for: path, isSecret: isSecret, mode: UInt32(info.st_mode & 0o777), owner: info.st_uid, user: geteuid())
  }

  static func warning(for path: String, isSecret: Bool, mode: UInt32, owner: UInt32, user: UInt32) -> String?
  {
    let octal = "0" + String(mode, radix: 8)
    if owner != user, owner != 0 {
      return "\(path) belongs to another user (\(owner)), who can change it: chown it to this one or to root"
    }
    if mode & 0o022 != 0 {
      return "\(path) can be written by others (mode \(octal)): chmod go-w \(path)"
    }
    guard isSecret else { return nil }
    if mode & 0o007 != 0 || (mode & 0o070 != 0 && owner != 0) {
      return "\(path) holds a secret and can be read by others (mode \(octal)): chmod go= \(path)"
    }
    return nil
  }
}

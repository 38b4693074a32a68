/// What this package calls itself, in `hello` and on the command line.
public enum Software {
  /// The version of this package.
  public static let version = "0.1.0"
  /// `genapi 0.1.0`.
  public static let name = "genapi \(version)"
}

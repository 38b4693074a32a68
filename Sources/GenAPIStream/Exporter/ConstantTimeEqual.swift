import GenAPIValue

/// Compares a secret in a time that depends on the given text only, so that an answer's delay tells nothing of
/// the secret.
func constantTimeEqual(_ given: ByteText, _ secret: ByteText) -> Bool {
  let given = Array(given.utf8)
  let secret = Array(secret.utf8)
  var difference = given.count ^ secret.count
  for (index, byte) in given.enumerated() {
    // Wraps over the secret; an empty secret matches only an empty text.
    difference |= Int(byte ^ (secret.isEmpty ? 0 : secret[index % secret.count]))
  }
  return difference == 0
}

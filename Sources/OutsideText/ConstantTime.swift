/// Compares what somebody gave with a secret, in a time that depends on the given text only, so that an answer's delay
/// tells nothing of the secret.
package func constantTimeEqual(_ given: ByteText, _ secret: ByteText) -> Bool {
  constantTimeEqual(Array(given.utf8), Array(secret.utf8))
}

package func constantTimeEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
  var difference = given.count ^ secret.count
  for (index, byte) in given.enumerated() {
    // Wraps over the secret; an empty secret matches only an empty text.
    difference |= Int(byte ^ (secret.isEmpty ? 0 : secret[index % secret.count]))
  }
  return difference == 0
}

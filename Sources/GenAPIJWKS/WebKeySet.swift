import GenAPIChannels
import GenAPITokens
import GenAPIValue

/// The public keys of whoever signs tokens, as a JSON Web Key Set (RFC 7517) has them: RS256 with RSA keys of 2 048 bits or
/// more, and ES256 with keys of the curve P-256.
///
///     let keys = try WebKeySet(json: text)
///     let authenticator = try JWTAuthenticator(keys: [keys])
///
/// Keys of other kinds, for other algorithms and for encryption are passed over, as section 5 of the RFC has it, and so is one
/// with a fault, such as a member of another kind than it must be: `notes` tell of it, by its number from 0 and the member. A token
/// with `kid` is verified with the key of that name alone; one without only where a single key can be meant. Nothing that a
/// token itself says about its key (`jwk`, `jku`, `x5c`, `x5u`) is looked at, and nothing is fetched.
public struct WebKeySet: TokenKeys {
  /// Larger than any set is.
  public static let mostBytes = 1 << 20
  /// Providers have two or three.
  public static let mostKeys = 64

  private let keys: [WebKey]
  /// Which keys are of no use here and were passed over, and why; not those that are for encryption.
  public let notes: [String]

  /// - Throws: `WebKeySetError` that says why none of its keys is of use.
  public init(json text: String) throws(WebKeySetError) {
    guard text.utf8.count <= Self.mostBytes else {
      throw WebKeySetError("is larger than a set of keys can be (\(Self.mostBytes) bytes)")
    }
    let set: Value
    do {
      set = try Value(written: text.utf8)
    } catch  where error.isRefusal {
      throw WebKeySetError("is not taken as a JSON Web Key Set: \(error)")
    } catch {
      throw WebKeySetError("is no JSON Web Key Set, which is {\"keys\": [...]}: \(error)")
    }
    guard let list = set["keys"]?.array else {
      throw WebKeySetError("is no JSON Web Key Set, which is {\"keys\": [...]}")
    }
    guard list.count <= Self.mostKeys else {
      throw WebKeySetError("has \(list.count) keys, and may have \(Self.mostKeys)")
    }
    var keys: [WebKey] = []
    var notes: [String] = []
    for (index, value) in list.enumerated() {
      do throws(WebKeyFault) {
        guard let key = try WebKey(value) else { continue }
        // Each is for nobody else's tokens: the first of a name stays.
        guard !keys.contains(where: { $0.id == key.id && $0.algorithm == key.algorithm }) else {
          throw WebKeyFault(key.id == nil ? "has no kid, as one before it" : "has the kid of one before it")
        }
        keys.append(key)
      } catch {
        let name = value["kid"]?.string.map { " (\"\($0.cut(bytes: 64))\")" } ?? ""
        notes.append("keys[\(index)]\(name) \(error.reason)")
      }
    }
    guard !keys.isEmpty else {
      let more = notes.count > 1 ? ", and \(notes.count - 1) more of no use" : ""
      throw WebKeySetError(
        "has no key for RS256 or ES256" + (notes.first.map { ": \($0)\(more)" } ?? ""))
    }
    self.keys = keys
    self.notes = notes
  }

  public var algorithms: [ByteText] {
    WebKey.Algorithm.allCases.filter { algorithm in keys.contains { $0.algorithm == algorithm } }.map {
      ByteText($0.rawValue)
    }
  }

  public func verify(_ token: JSONWebToken) async throws(AuthenticationRefused) {
    let ofAlgorithm = keys.filter { ByteText($0.algorithm.rawValue) == token.algorithm }
    let key: WebKey
    if let id = token.keyID {
      guard let named = ofAlgorithm.first(where: { $0.id == id }) else {
        throw AuthenticationRefused("the token's key is not in the set of keys")
      }
      key = named
    } else {
      guard ofAlgorithm.count == 1 else {
        throw AuthenticationRefused("the token has no kid, and several keys could be meant")
      }
      key = ofAlgorithm[0]
    }
    guard await key.isValid(token.signature, of: token.signed) else { throw .wrongSignature }
  }
}

/// Why a text is no set of keys that tokens can be verified with.
public struct WebKeySetError: Error, Equatable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}

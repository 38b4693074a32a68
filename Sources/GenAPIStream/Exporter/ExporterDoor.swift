/// Who may wait at the exporter's door: connections of which nobody knows yet whether they have the token.
///
/// Strangers must not keep an operator out. So the places are few, those of one address fewer, and when they are taken
/// it is not the newcomer who is refused: the oldest connection of the address that holds most gives way, since
/// whoever has the token sends it at once. A wrong token keeps its address's place for `guessMs`, whether the
/// connection stays or not; an address that has used up its places in that way is refused until one is free.
///
/// Pure: times are milliseconds on any clock that does not jump.
struct ExporterDoor {
  struct Rules: Sendable {
    /// Connections that may wait.
    var most: Int
    /// Of one address.
    var mostOfAddress: Int
    /// How long a wrong token holds a place of its address.
    var guessMs: Int64 = 1_000
  }

  enum Answer: Equatable {
    case comeIn
    /// Come in; the connection with this number has to go for it.
    case insteadOf(Int)
    /// The address guessed too often; milliseconds until it may try again.
    case tooManyGuesses(againInMs: Int64)
  }

  /// Addresses of which guesses are remembered. Where more guess at one time the oldest are forgotten, which only
  /// makes the guesses of one address among thousands less slow.
  private static let mostAddresses = 4_096

  private struct Waiting {
    let id: Int
    let address: ClientAddress
  }

  private let rules: Rules
  /// Oldest first; at most `rules.most`.
  private var waiting: [Waiting] = []
  /// Until when each guess of an address holds a place, oldest first.
  private var guesses: [ClientAddress: [Int64]] = [:]
  /// Oldest first.
  private var guessing: [ClientAddress] = []

  init(rules: Rules) { self.rules = rules }

  /// Connections that wait.
  var count: Int { waiting.count }
  /// Addresses whose guesses are remembered.
  var guessers: Int { guesses.count }

  /// A connection came.
  mutating func arrived(_ id: Int, from address: ClientAddress, at now: Int64) -> Answer {
    forgetGuesses(of: address, at: now)
    let held = guesses[address] ?? []
    guard held.count < rules.mostOfAddress else { return .tooManyGuesses(againInMs: held[0] - now) }
    let own = waiting.filter { $0.address == address }
    var leaver: Int?
    if own.count + held.count >= rules.mostOfAddress, let oldest = own.first {
      leaver = oldest.id
    } else if waiting.count >= rules.most {
      leaver = oldestOfTheGreediest()
    }
    if let leaver { left(leaver) }
    waiting.append(Waiting(id: id, address: address))
    return leaver.map(Answer.insteadOf) ?? .comeIn
  }

  /// A connection has shown the token, or is gone.
  mutating func left(_ id: Int) { waiting.removeAll { $0.id == id } }

  /// A connection sent a wrong token: from now on not it but the guess holds the place.
  mutating func guessed(_ id: Int, from address: ClientAddress, at now: Int64) {
    left(id)
    forgetGuesses(of: address, at: now)
    if guesses[address] == nil {
      if guessing.count >= Self.mostAddresses { guesses[guessing.removeFirst()] = nil }
      guessing.append(address)
    }
    guesses[address, default: []].append(now + rules.guessMs)
  }

  private mutating func forgetGuesses(of address: ClientAddress, at now: Int64) {
    guard var held = guesses[address] else { return }
    held.removeAll { $0 <= now }
    guesses[address] = held.isEmpty ? nil : held
    if held.isEmpty { guessing.removeAll { $0 == address } }
  }

  private func oldestOfTheGreediest() -> Int? {
    var counts: [ClientAddress: Int] = [:]
    for entry in waiting { counts[entry.address, default: 0] += 1 }
    let most = counts.values.max()
    return waiting.first { counts[$0.address] == most }?.id
  }
}

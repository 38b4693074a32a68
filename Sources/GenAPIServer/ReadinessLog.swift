import GenAPIGateway
import Logging

/// Tells the log that no client is sent here because no function is known, and when one is.
///
/// Nobody else does: whoever starts a gateway sees it listen, and a load balancer that gets 503 says no reason.
struct ReadinessLog: Sendable {
  let gateway: Gateway
  let logger: Logger
  private static let intervalMs: Int64 = 1_000

  /// Looks every second, until it is cancelled.
  func run() async {
    var isTold = false
    repeat {
      let lacksFunctions = gateway.lacksFunctions
      guard lacksFunctions != isTold else { continue }
      isTold = lacksFunctions
      if lacksFunctions {
        logger.warning(
          "no function is known: /readyz stays 503, and no client is sent here, until some are pushed or pulled"
        )
      } else {
        logger.notice("functions are known: /readyz reads 200")
      }
    } while (try? await gateway.clock.sleep(milliseconds: Self.intervalMs)) != nil
  }
}

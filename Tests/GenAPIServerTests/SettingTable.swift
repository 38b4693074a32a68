import GenAPIChannels
import GenAPIGateway
import GenAPITokens

@testable import GenAPIServer

/// The settings as the table of docs/server.md: what the reader asks for, with its defaults and ranges, and what each is for.
struct SettingTable {
  /// A row each, in Markdown.
  ///
  /// - Parameter settings: of a configuration in which nothing is set but what it cannot do without.
  static func markdown(_ settings: [Setting]) -> String {
    let rows = settings.map { setting -> String in
      let name = setting.isTable ? "[[\(setting.key)]]" : setting.key
      let standard =
        setting.key == "node" ? "the host's name" : setting.value == "(none)" ? "–" : "`\(setting.value)`"
      let allowed = setting.allowed.replacing("|", with: "\\|")
      return "| `\(name)` | \(standard) | \(allowed) | \(meanings[setting.key] ?? "") |"
    }
    return (["| key | default | allowed | meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n")
  }

  private static let fields = RequestKey.Field.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")

  static let meanings: [String: String] = [
    "node": "the gateway's name among the nodes",
    "log.level": "what is logged; takes effect at a reload",
    "log.format":
      "`text` is for people, and for the systemd journal where that reads standard error; `json` is one object a line; "
      + "`journald` is text with the priority before it (`<3>`) and without a time. Takes effect at a reload",
    "log.access": "a line for each request that ended, whatever `log.level` is; takes effect at a reload",
    "log.events": "every telemetry event as a debug line",
    "gateway.client_mode": "sends requests to other gateways and serves none",
    "gateway.detail_error":
      "shows clients the cause behind \"Internal Server Error\"; takes effect at a reload",
    "gateway.max_payload_bytes": "bytes of a request's payload, in a text frame as in a binary one",
    "gateway.max_functions": "functions that the config store holds",
    "gateway.push_token": "what a service must send to push its configs",
    "gateway.push_token_file": "a file with it",
    "gateway.push_token_files":
      "files with others that are good too, at most 8; all of them change at a reload",
    "gateway.choose_node_compat":
      "`elixir` makes `hash` choose the node that an Elixir gateway chooses, by `phash2`, while both run beside each other; "
      + "a new `sticky` key begins at that node too, where an Elixir gateway draws lots; `own` moves only the keys of a "
      + "node that leaves",
    "gateway.requires_permission":
      "refuses every function of which nothing says who may call, by whatever door it comes; what is for anybody then says so, "
      + "`check_permission = false`, see [who may call](security.md#who-may-call)",
    "gateway.admin_actions":
      "what operators may do to a running gateway, over `health.socket` and from the cluster: `change_functions`, "
      + "`update_rate_limit_config`, `push_config`, `stop_stream`, `clear_failed_configs`, `change_detail_error`, "
      + "`change_groups`, see [the console](console.md)",
    "gateway.mfa_allowlist":
      "modules, or `Module.function`, that configs may name; empty allows all that is not denied, see "
      + "[security](security.md#the-clusters-door): only an allow list protects",
    "argument_handler.string_max_bytes": "bytes of a text argument whose declaration has no bound",
    "argument_handler.list_max_items": "the same for the items of a list",
    "argument_handler.map_max_items": "the same for the keys of a map",
    "worker_pool.async_pool_size": "asynchronous calls that run at one time",
    "worker_pool.stream_pool_size": "streams that run at one time",
    "worker_pool.max_queue_size": "tasks of a pool that wait for a worker",
    "worker_pool.client_share_percent":
      "percent of a pool's workers, and of its queue, that one client may hold, at least one of each: a user over all "
      + "connections, or a socket without a user. More is refused in words, and may be retried",
    "worker_pool.circuit_breaker_scope":
      "`service`: each service has a breaker of its own, on each node. `pool`: the pool has one and each worker has "
      + "one, whatever fails",
    "worker_pool.circuit_breaker_threshold":
      "of what runs in pools, which sync calls do not, failures in a row that open a service's breaker, or the pool's: calls that timed out, threw or reached nobody; an error that a function answers is an answer. A request counts once for each service and node that it asked, however often it was tried again there",
    "worker_pool.worker_circuit_breaker_threshold": "the same of one worker, where workers have one",
    "worker_pool.circuit_breaker_cooldown": "milliseconds until an open breaker tries again",
    "relay.max_groups": "relay groups",
    "relay.max_members": "members of a group",
    "relay.max_groups_per_user": "groups that one user is in",
    "relay.max_message_bytes": "bytes of a relayed message as JSON",
    "pull.first_after_ms": "from the start to the first pull",
    "pull.interval_ms": "between two pulls of a service",
    "pull.timeout_ms": "how long one call of a pull may take",
    "pull.max_backoff_ms": "how long a service that fails is left alone at most",
    "pull.services":
      "`service`, `nodes`, `module`, `function`, `args`, `version_module`, `version_function`, `version_args`",
    "rate_limiter.enabled":
      "false lets everything through; takes effect at a reload, as all of this section but "
      + "`instance_count` and `max_tracked_keys`",
    "rate_limiter.fail_open": "what happens when a check itself fails: the request goes on, or is refused",
    "rate_limiter.instance_count": "`auto` is the number of cores",
    "rate_limiter.routing_strategy":
      "accepted for existing configurations: a counter is found by hash with either, or counts would be lost",
    "rate_limiter.cleanup_interval_ms": "between two sweeps of keys that are idle",
    "rate_limiter.max_tracked_keys": "key values that are counted at one time",
    "rate_limiter.global_limits":
      "`key`, `max_requests`, `window_ms`; the key is \(fields) "
      + "or an argument of any kind, `arg(user_id)` for one that is called as those are, `claim(tenant)` for what `auth.claims` names; an IPv6 address counts as its /64 network. A limit whose maximum or window changes at a reload keeps its counts",
    "rate_limiter.api_limits": "the same with `service`, `request_type`",
    "websocket.listen": "where clients come in",
    "websocket.path": "the path of sockets whose text frames are JSON",
    "websocket.toon_version": "what is written on the path of TOON; both are read",
    "websocket.toon_path": "the path of sockets whose text frames are [TOON](toon.md)",
    "websocket.topics": "topics that may be joined; `*` is any run of bytes",
    "websocket.event": "the event of requests and answers",
    "websocket.max_channels": "topics that one socket may be joined to",
    "websocket.origins":
      "`any`, `same_host` (and loopback), or origins: `https://example.org`, `//*.example.org`",
    "websocket.hosts":
      "names that requests may be for, without a port. A server on a loopback address answers to these and to "
      + "loopback's names only, so that a page on the internet cannot reach it under a name of its own; behind a "
      + "proxy on the same machine name here what it passes on as `Host`. Health and metrics of one that other machines "
      + "can reach answer to any address too",
    "websocket.trusted_proxies":
      "addresses, or blocks such as `10.0.0.0/8`, of proxies that say whom they speak for. Of others nothing is believed; "
      + "see [production](production.md#behind-a-proxy)",
    "websocket.forwarded_header":
      "the header that the proxies add to; the last address in it that is no trusted proxy is the client",
    "websocket.proxy_protocol":
      "connections of trusted proxies begin with a header of the PROXY protocol, version 1 or 2; those of others must not",
    "websocket.max_message_bytes": "more closes the socket with 1009",
    "websocket.idle_timeout_ms": "so long without a byte closes with 1001",
    "websocket.max_connections": "more get HTTP 503",
    "websocket.max_connections_per_address":
      "the same of one client address; an IPv6 client is its /64 network",
    "websocket.end_with_token":
      "closes a socket with 1008 when the token expires that let it in; its client connects again with a new one",
    "websocket.messages_per_second": "more, over time, closes with 1008; bursts of twice as many are fine",
    "websocket.max_in_flight":
      "requests of one socket under way at one time, asynchronous calls and streams included; where streams hold every "
      + "place calls are refused. Up to 1024 more wait, and as many bytes as a message may have; beyond that the "
      + "socket is not read. Heartbeats, pings, leaves and `stop_stream` never wait for requests",
    "websocket.outgoing_bytes":
      "bytes that may wait to be taken by a client; more ends its socket with 1008. Answers that are larger by "
      + "themselves are beside it, as many as `max_in_flight`. While half of it waits no call of the socket begins",
    "websocket.drain_delay_ms":
      "from SIGTERM, when `/readyz` becomes 503, until no new clients are accepted: what a load balancer takes to notice, "
      + "such as 10000",
    "websocket.drain_spread_ms":
      "over which sockets are closed then, one after the other, so that their clients do not all come back at once",
    "websocket.drain_timeout_ms": "what running requests are given at the end",
    "websocket.tls_certificate":
      "a PEM file; without it sockets are not encrypted. A new one is shown from the next reload on, to new connections",
    "websocket.tls_key": "its key",
    "auth.mode":
      "`jwt` is HS256 with a secret, and RS256 and ES256 with the keys of `jwks_file`; `phoenix_token` what `Phoenix.Token.sign` makes. As clocks differ, a JWT is taken from "
      + "\(JWTAuthenticator.standardLeeway.shown) before its `nbf` until \(JWTAuthenticator.standardLeeway.shown) "
      + "after its `exp`",
    "auth.require_verified_user_id":
      "refuses every request of a socket without a user; false with `anonymous`",
    "auth.secret": "at least 16 bytes",
    "auth.secret_file": "a file with it",
    "auth.secret_files":
      "files with others that are good too, at most 8: the old secret while tokens of it are about. All of this section but "
      + "`mode` and `require_verified_user_id` takes effect at a reload",
    "auth.jwks_file":
      "a JSON Web Key Set (RFC 7517) with the public keys of whoever signs, for `jwt`: RSA of 2048 bits or more, and P-256. A "
      + "token's `kid` says which. Fetch it beside the gateway: a change takes effect at a reload, and is seen by `reload.watch`",
    "auth.claims":
      "other claims of a token, at most 16, that limits count by and sticky choice goes by as `claim(NAME)`: whatever they are. "
      + "A socket has those that were named when it connected",
    "auth.salt": "for `phoenix_token`",
    "auth.issuer": "compared when set, for `jwt`",
    "auth.audience": "compared when set, for `jwt`",
    "auth.requires_exp":
      "refuses a token without `exp`, for `jwt`; without this such a token is good for ever",
    "auth.max_age_s": "how old a token may be, for `phoenix_token`",
    "telemetry.listen": "`host:port` or `unix:/path`; other machines need a token",
    "telemetry.token": "16 bytes or more: `openssl rand -hex 16`",
    "telemetry.token_file": "a file with it",
    "telemetry.token_files": "files with others that are good too, at most 8; all of them change at a reload",
    "telemetry.max_subscribers": "dashboards and programs that watch at one time",
    "telemetry.interval_ms": "how often numbers go to who asks for no other interval",
    "telemetry.top_users":
      "users that are counted of each function, for each of requests, failures and refusals: those with more than that part "
      + "of them are told; 0 counts none, see [the stream](stream.md#top_users)",
    "health.listen":
      "a listener of its own for `/livez`, `/readyz`, `/healthz` and `/metrics`; without it `/metrics` is where the sockets are",
    "health.socket":
      "the path of a Unix socket, which only the user who runs the gateway, and root, may open: for "
      + "`genapi-gateway ctl`, and for `/livez`, `/readyz`, `/healthz` and `/metrics`, see [the console](console.md)",
    "health.public":
      "false answers only `/livez` and `/readyz` where the sockets are, no `/healthz` and no `/metrics`",
    "health.functions":
      "`/functions`, where `/metrics` is, tells whoever can connect which functions there are, with JSON Schemas of their arguments",
    "cluster.name": "`name@host`: the gateway becomes a node of an Erlang cluster, see [cluster](cluster.md)",
    "cluster.cookie": "the cluster's secret; without it `~/.erlang.cookie`",
    "cluster.cookie_file":
      "a file with it; a new cookie is for connections from the next reload on, those that are there stay",
    "cluster.epmd_port": "where epmd listens",
    "cluster.epmd_wait_ms": "how long a start waits for an epmd that is not there yet",
    "cluster.listen_port": "where other nodes come in; 0 lets the system choose",
    "cluster.hidden": "a visible node is in everybody's `nodes()`, and keeps `global`'s locks",
    "cluster.tick_ms": "Erlang's `net_ticktime`, in milliseconds",
    "cluster.seeds": "nodes to stay connected to",
    "cluster.seeds_file": "a file with such a node a line, read anew each time",
    "cluster.seeds_dns": "`name@host`: a node of that name on every address that the host's name has",
    "cluster.discovery_interval_ms": "how often these are looked up",
    "cluster.tls_certificate": "a PEM file: TLS between nodes, on both sides",
    "cluster.tls_key": "its key",
    "cluster.tls_ca": "with it certificates are checked",
    "cluster.nodes": "`name` and `roles`, for `Cluster.nodes_with_role`",
    "reload.watch":
      "files whose content is looked at, and the configuration read again as at SIGHUP when it changes: `secrets` (and "
      + "certificates), `all` (the configuration and function files too) or `none`",
    "reload.watch_interval_ms": "how often",
    "functions": "a function config, see below",
    "function_files": "more of them in files, TOML or JSON",
  ]
}

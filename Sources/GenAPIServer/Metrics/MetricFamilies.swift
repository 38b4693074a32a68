/// Every family, by the part of the dashboard that shows it.
extension MetricFamily {
  static let requests = MetricFamily(
    name: "genapi_requests", kind: .counter,
    help: "Requests that ended since the start, by function and by how they ended. Those whose"
      + " function does not exist have the service (unsupported).",
    title: "Requests a second, by how they ended", row: .requests, by: ["outcome"])

  static let requestsInFlight = MetricFamily(
    name: "genapi_requests_in_flight", kind: .gauge,
    help: "Requests that have begun and not ended.",
    title: "Requests under way", row: .requests)

  static let requestDurationSeconds = MetricFamily(
    name: "genapi_request_duration_seconds", kind: .histogram,
    help: "How long the requests took that ran, from the moment they were read to their result;"
      + " refused ones are not among them.",
    unit: "seconds",
    title: "How long requests take", row: .requests)

  static let retries = MetricFamily(
    name: "genapi_retries", kind: .counter,
    help: "Calls of a function that were made again after one had failed.",
    title: "Retries a second", row: .requests, by: ["service"])

  static let invalidPayloads = MetricFamily(
    name: "genapi_invalid_payloads", kind: .counter,
    help: "Messages that could not be read as a request; they are in no other count.",
    title: "Messages that are no request, a second", row: .requests)

  static let relayGroups = MetricFamily(
    name: "genapi_relay_groups", kind: .gauge,
    help: "Relay groups that exist.",
    title: "Relay groups", row: .clients)

  static let sockets = MetricFamily(
    name: "genapi_sockets", kind: .gauge,
    help: "Client connections that are open.",
    title: "Sockets", row: .clients)

  static let callsRefused = MetricFamily(
    name: "genapi_calls_refused", kind: .counter,
    help: "Calls refused because streams held all places of their connection.",
    title: "Calls refused because of streams, a second", row: .clients)

  static let connections = MetricFamily(
    name: "genapi_connections", kind: .gauge,
    help: "Connections that are open, those included that are no sockets yet.",
    title: "Connections", row: .clients)

  static let connectionsLimit = MetricFamily(
    name: "genapi_connections_limit", kind: .gauge,
    help: "Connections that may be open at one time (websocket.max_connections); more are refused.",
    title: "Connections that may be open", row: .clients)

  static let handshakesRefused = MetricFamily(
    name: "genapi_handshakes_refused", kind: .counter,
    help: "Connections turned away before they were a socket, by reason: authentication, origin,"
      + " host, malformed, version, full, address_full, descriptors (hardly any left), handshake (not done in"
      + " time), slow_reader, proxy_header, shutdown.",
    title: "Handshakes refused a second, by reason", row: .clients, by: ["reason"])

  static let socketsAccepted = MetricFamily(
    name: "genapi_sockets_accepted", kind: .counter,
    help: "Sockets opened since the start.",
    title: "Sockets opened a second", row: .clients)

  static let socketsClosed = MetricFamily(
    name: "genapi_sockets_closed", kind: .counter,
    help: "Sockets that ended, by reason: closed (by the client), idle, slow_reader, too_fast,"
      + " too_large, protocol, not_understood, not_utf8, shutdown, token_expired, lost.",
    title: "Sockets closed a second, by reason", row: .clients, by: ["reason"])

  static let socketCloseCodes = MetricFamily(
    name: "genapi_socket_close_codes", kind: .counter,
    help: "Sockets that ended, by the code of the close frame: 1005 is a frame without a code, 1006"
      + " no frame, other a code that no standard names.",
    title: "Sockets closed a second, by code", row: .clients, by: ["code"])

  static let messages = MetricFamily(
    name: "genapi_messages", kind: .counter,
    help: "Messages of clients and to them, since the start.",
    title: "Messages a second", row: .clients, by: ["direction"])

  static let messagesDropped = MetricFamily(
    name: "genapi_messages_dropped", kind: .counter,
    help:
      "Messages of clients that were dropped without an answer: their join_ref was not that of their topic's join.",
    title: "Messages of earlier joins, a second", row: .clients)

  static let rateLimitChecks = MetricFamily(
    name: "genapi_rate_limit_checks", kind: .counter,
    help: "Requests that a limit was asked about, allowed and refused ones. A limit whose key a"
      + " request lacks is not asked.",
    title: "Requests that limits were asked about, a second", row: .limits, by: ["scope", "key"])

  static let rateLimitRejections = MetricFamily(
    name: "genapi_rate_limit_rejections", kind: .counter,
    help: "Requests that a limit refused.",
    title: "Requests that limits refused, a second", row: .limits, by: ["scope", "key"])

  static let rateLimitTrackedKeys = MetricFamily(
    name: "genapi_rate_limit_tracked_keys", kind: .gauge,
    help: "Different values of a limit's key, such as users, with a request in the limit's window.",
    title: "Keys that limits count", row: .limits, by: ["scope", "key"])

  static let rateLimitEvictedKeys = MetricFamily(
    name: "genapi_rate_limit_evicted_keys", kind: .counter,
    help: "Keys whose count was given up before its window ended, since limits count"
      + " rate_limiter.max_tracked_keys at most: their requests begin anew.",
    title: "Keys given up for others, a second", row: .limits)

  static let poolWorkers = MetricFamily(
    name: "genapi_pool_workers", kind: .gauge,
    help:
      "Workers of a pool: those that run a task now, those that are idle, and those whose circuit breaker is open,"
      + " which take none.",
    title: "Workers of pools", row: .pools, by: ["pool", "state"])

  static let poolQueued = MetricFamily(
    name: "genapi_pool_queued", kind: .gauge,
    help: "Tasks that wait for a worker of the pool.",
    title: "Tasks that wait for a worker", row: .pools, by: ["pool"])

  static let poolTasks = MetricFamily(
    name: "genapi_pool_tasks", kind: .counter,
    help: "Tasks of a pool by their end: ok, failed, cancelled while they ran or waited, and rejected before"
      + " they began.",
    title: "Tasks a second, by their end", row: .pools, by: ["pool", "end"])

  static let poolShareRejections = MetricFamily(
    name: "genapi_pool_share_rejections", kind: .counter,
    help: "Tasks of a pool that were rejected because their client held all it may; they are among"
      + " the rejected ones.",
    title: "Tasks rejected for their client's share, a second", row: .pools, by: ["pool"])

  static let circuitOpen = MetricFamily(
    name: "genapi_circuit_open", kind: .gauge,
    help: "A pool's own circuit breaker: 0 closed, 0.5 half open, 1 open.",
    title: "Circuit breakers of pools", row: .pools, by: ["pool"])

  static let circuitOpenWorkers = MetricFamily(
    name: "genapi_circuit_open_workers", kind: .gauge,
    help: "Workers of a pool whose own circuit breaker is open.",
    title: "Workers whose breaker is open", row: .pools, by: ["pool"])

  static let serviceCircuitOpen = MetricFamily(
    name: "genapi_service_circuit_open", kind: .gauge,
    help: "Circuit breakers of services that are not closed, by node where a service is on others:"
      + " 0.5 half open, 1 open.",
    title: "Circuit breakers of services that are not closed", row: .services, by: ["service", "node"])

  static let circuitRejections = MetricFamily(
    name: "genapi_circuit_rejections", kind: .counter,
    help:
      "Tasks and retries that a circuit breaker refused, by the breaker: a pool's own, those of its workers"
      + " together, or a service's on a node, from when it opens first.",
    title: "Tasks that circuit breakers refused, a second", row: .services, by: ["scope", "service", "node"])

  static let functions = MetricFamily(
    name: "genapi_functions", kind: .gauge,
    help: "Functions that the gateway knows of a service, each version by itself.",
    title: "Functions", row: .services, by: ["state"])

  static let configPullFailures = MetricFamily(
    name: "genapi_config_pull_failures", kind: .gauge,
    help: "Tries in a row that failed to pull a service's functions; 0 after one that worked.",
    title: "Pulls that failed in a row", row: .services, by: ["service"])

  static let nodeUp = MetricFamily(
    name: "genapi_node_up", kind: .gauge,
    help: "1 for a service node that can be reached, 0 for one that cannot.",
    title: "Service nodes", row: .services, by: ["node"])

  static let nodeCalls = MetricFamily(
    name: "genapi_node_calls", kind: .counter,
    help:
      "Calls of functions on a service node, retries too, whatever became of them; hooks and permission callbacks that run there are not among them.",
    title: "Calls to service nodes a second", row: .services, by: ["node"])

  static let nodeCallFailures = MetricFamily(
    name: "genapi_node_call_failures", kind: .counter,
    help: "Of these calls those that it did not answer: unreachable, too late, lost or thrown.",
    title: "Failed calls to service nodes a second", row: .services, by: ["node"])

  static let nodeFailovers = MetricFamily(
    name: "genapi_node_failovers", kind: .counter,
    help: "Calls that went on to another node because this one could not be reached.",
    title: "Failovers a second, by the node that could not be reached", row: .services, by: ["node"])

  static let telemetryEvents = MetricFamily(
    name: "genapi_telemetry_events", kind: .counter,
    help: "Telemetry events by name, whether or not anybody was attached to get them.",
    title: "Telemetry events a second", row: .telemetry, by: ["event"])

  static let telemetryEventsDropped = MetricFamily(
    name: "genapi_telemetry_events_dropped", kind: .counter,
    help: "Telemetry events that a handler or subscriber did not get because its queue was full,"
      + " each counted once for each.",
    title: "Telemetry events dropped, a second", row: .telemetry)

  static let processResidentMemoryBytes = MetricFamily(
    name: "process_resident_memory_bytes", kind: .gauge,
    help: "Memory of the gateway's process that is in use, in bytes.",
    unit: "bytes",
    title: "Memory", row: .process)

  static let processCpuSeconds = MetricFamily(
    name: "process_cpu_seconds", kind: .counter,
    help: "User and system time that the gateway's process has used, in seconds.",
    unit: "seconds",
    title: "Processor", row: .process)

  static let acceptFailures = MetricFamily(
    name: "genapi_accept_failures", kind: .counter,
    help: "Times that a connection could not be accepted, as without descriptors; the listener rests"
      + " and tries again.",
    title: "Connections that could not be accepted, a second", row: .process)

  static let certificateExpiryTimestampSeconds = MetricFamily(
    name: "genapi_certificate_expiry_timestamp_seconds", kind: .gauge,
    help: "When the certificate expires that the server shows, or the first of its chain, in seconds"
      + " since the Unix epoch.",
    unit: "seconds",
    title: "Days until certificates expire", row: .process, by: ["use"])

  static let configLastReloadSuccessful = MetricFamily(
    name: "genapi_config_last_reload_successful", kind: .gauge,
    help: "1 when the configuration in force is what the files said when they were last read, 0 when"
      + " that reading failed.",
    title: "Last reading of the configuration", row: .process)

  static let configLastReloadSuccessTimestampSeconds = MetricFamily(
    name: "genapi_config_last_reload_success_timestamp_seconds", kind: .gauge,
    help: "When the configuration in force was read, in seconds since the Unix epoch.",
    unit: "seconds",
    title: "Configuration in force since", row: .process)

  static let configRestartNeeded = MetricFamily(
    name: "genapi_config_restart_needed", kind: .gauge,
    help:
      "1 while the files say something that takes effect with a restart only, whichever reload read it, 0 when all that"
      + " they say is in force.",
    title: "Configuration waits for a restart", row: .process)

  static let logLinesDropped = MetricFamily(
    name: "genapi_log_lines_dropped", kind: .counter,
    help: "Lines of the log that nobody will read: they were not taken in time, or could not be written.",
    title: "Lines of the log dropped a second", row: .process)

  static let configReloads = MetricFamily(
    name: "genapi_config_reloads", kind: .counter,
    help: "Readings of the configuration after the start, by result: ok or failed.",
    title: "Readings of the configuration", row: .process, by: ["result"])

  static let buildInfo = MetricFamily(
    name: "genapi_build_info", kind: .gauge,
    help: "1, with the version of the gateway as a label.",
    title: "Versions", row: .process, by: ["version"])

  static let ready = MetricFamily(
    name: "genapi_ready", kind: .gauge,
    help: "1 when clients should be sent here, as /readyz says, 0 when they should not.",
    title: "Ready", row: .process)

  static let draining = MetricFamily(
    name: "genapi_draining", kind: .gauge,
    help: "1 from the moment on that the gateway was told to shut down, 0 before.",
    title: "Shutting down", row: .process)

  static let processStartTimeSeconds = MetricFamily(
    name: "process_start_time_seconds", kind: .gauge,
    help: "When the gateway's process started, in seconds since the Unix epoch.",
    unit: "seconds",
    title: "Time since the start", row: .process)

  static let processOpenFds = MetricFamily(
    name: "process_open_fds", kind: .gauge,
    help: "Descriptors that the gateway's process has open.",
    title: "Open descriptors", row: .process)

  static let processMaxFds = MetricFamily(
    name: "process_max_fds", kind: .gauge,
    help: "Descriptors that the gateway's process may have open.",
    title: "Descriptors that may be open", row: .process)

  static let all: [MetricFamily] = [
    requests,
    requestsInFlight,
    requestDurationSeconds,
    retries,
    invalidPayloads,
    relayGroups,
    sockets,
    callsRefused,
    connections,
    connectionsLimit,
    handshakesRefused,
    socketsAccepted,
    socketsClosed,
    socketCloseCodes,
    messages,
    messagesDropped,
    rateLimitChecks,
    rateLimitRejections,
    rateLimitTrackedKeys,
    rateLimitEvictedKeys,
    poolWorkers,
    poolQueued,
    poolTasks,
    poolShareRejections,
    circuitOpen,
    circuitOpenWorkers,
    serviceCircuitOpen, circuitRejections,
    functions,
    configPullFailures,
    nodeUp, nodeCalls, nodeCallFailures, nodeFailovers,
    telemetryEvents,
    telemetryEventsDropped,
    processResidentMemoryBytes,
    processCpuSeconds,
    acceptFailures,
    certificateExpiryTimestampSeconds,
    configLastReloadSuccessful,
    configLastReloadSuccessTimestampSeconds,
    configReloads,
    configRestartNeeded,
    buildInfo,
    ready,
    draining,
    processStartTimeSeconds,
    processOpenFds,
    processMaxFds,
    logLinesDropped,
  ]
}

// A gateway in one import: its core, Phoenix sockets, the telemetry stream and its events, and what runs them as services.
// Tokens, TLS, Erlang clusters and files of function configs are products of their own.
@_exported import GenAPIChannels
@_exported import GenAPIGateway
@_exported import GenAPIStream
@_exported import GenAPITelemetry
@_exported import GenAPIValue
@_exported import Logging
@_exported import ServiceLifecycle

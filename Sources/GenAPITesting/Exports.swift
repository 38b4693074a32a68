// A test that calls a gateway speaks of requests, values and events.
@_exported import GenAPIGateway
@_exported import GenAPITelemetry
@_exported import GenAPIValue

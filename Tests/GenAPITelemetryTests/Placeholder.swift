// GenAPITelemetry

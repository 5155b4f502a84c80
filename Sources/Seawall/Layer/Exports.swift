@_exported public import SeawallAlerts
@_exported public import SeawallBackoff
@_exported public import SeawallBroker
@_exported public import SeawallCircuitBreaker
@_exported public import SeawallDegradation
@_exported public import SeawallMetrics
@_exported public import SeawallRateLimit
@_exported public import SeawallTime

/** Why a metric does not say how many replicas there should be, in upstream's words. It reaches a condition and an event. */
export class MetricError extends Error {}

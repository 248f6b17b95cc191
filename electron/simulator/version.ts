/** The Kubernetes release that the simulated cluster is one of. */
export const KUBERNETES_VERSION = 'v1.35.2';

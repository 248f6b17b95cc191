import { KUBERNETES_VERSION } from '../../version';

/** Upstream writes the minor release here, without the patch. */
export const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION.replace(/^v(\d+\.\d+).*$/, '$1') };

/** What upstream writes in the documents of custom resources (apiextensions' controller/openapi/builder). */
export const CUSTOM_INFO = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };

/** How requests say who they are from, as far as OpenAPI has words for it (kube-apiserver's app/server.go). */
export const SECURITY = {
  BearerToken: { description: 'Bearer Token authentication', type: 'apiKey', name: 'authorization', in: 'header' },
};

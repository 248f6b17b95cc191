import { expect, it } from 'vitest';
import { openApiV2 } from '../../../../../electron/simulator/apiserver/openapi/v2';
import { builtInDefinitions } from '../../../../../electron/simulator/apiserver/strategies';

// What a kube-apiserver v1.35.4 has in these places of /openapi/v2.
it.each([
  ['/api/v1/namespaces/{namespace}/pods', 'delete', 'deleteCoreV1CollectionNamespacedPod', 'core_v1'],
  ['/api/v1/pods', 'get', 'listCoreV1PodForAllNamespaces', 'core_v1'],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}',
    'get',
    'readRbacAuthorizationV1ClusterRole',
    'rbacAuthorization_v1',
  ],
  [
    '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
    'delete',
    'deleteFlowcontrolApiserverV1CollectionFlowSchema',
    'flowcontrolApiserver_v1',
  ],
  [
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
    'put',
    'replaceAppsV1NamespacedDeploymentScale',
    'apps_v1',
  ],
])('names the operation on %s, %s, as a kube-apiserver does', (path, method, operationId, tag) => {
  expect(openApiV2(builtInDefinitions)).toHaveProperty(['paths', path, method, 'operationId'], operationId);
  expect(openApiV2(builtInDefinitions)).toHaveProperty(['paths', path, method, 'tags'], [tag]);
});

it('tells the minor release, without the patch', () => {
  expect(openApiV2(builtInDefinitions)).toMatchObject({ info: { title: 'Kubernetes', version: '1.35' } });
});

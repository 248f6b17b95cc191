import { META } from '../schema/document';
import type { Operation } from './operation';
import { groupWord } from './operations';

// What is asked of no resource: apiserver/pkg/endpoints/discovery (legacy.go, root.go, group.go, version.go), and the routes
// that kube-apiserver adds (pkg/routes).

const TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The operation that tells which groups, versions and resources there are. */
function discovering(path: string, facts: Pick<Operation, 'id' | 'tag' | 'description' | 'answer'>): Operation {
  return { path, method: 'get', parameters: [], codes: [200], consumes: TYPES, produces: TYPES, ...facts };
}

const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Of one group's one version. */
export function versionOperation(group: string, version: string): Operation {
  const word = groupWord(group);
  return discovering(`${group === '' ? '/api' : `/apis/${group}`}/${version}/`, {
    id: `get${title(word)}${title(version)}APIResources`,
    tag: `${word}_${version}`,
    description: 'get available resources',
    answer: `${META}.APIResourceList`,
  });
}

/** Of a named group. */
export function groupOperation(group: string): Operation {
  return discovering(`/apis/${group}/`, {
    id: `get${title(groupWord(group))}APIGroup`,
    tag: groupWord(group),
    description: 'get information of a group',
    answer: `${META}.APIGroup`,
  });
}

/** By the document of OpenAPI v3 that has it: what is there whatever is served. */
export const rootOperations: Readonly<Record<string, Operation>> = {
  api: discovering('/api/', {
    id: 'getCoreAPIVersions',
    tag: 'core',
    description: 'get available API versions',
    answer: `${META}.APIVersions`,
  }),
  apis: discovering('/apis/', {
    id: 'getAPIVersions',
    tag: 'apis',
    description: 'get available API versions',
    answer: `${META}.APIGroupList`,
  }),
  version: {
    ...discovering('/version/', {
      id: 'getCodeVersion',
      tag: 'version',
      description: 'get the version information for this server',
      answer: 'io.k8s.apimachinery.pkg.version.Info',
    }),
    consumes: ['application/json'],
    produces: ['application/json'],
  },
  '.well-known/openid-configuration': openId('/.well-known/openid-configuration/', {
    id: 'getServiceAccountIssuerOpenIDConfiguration',
    tag: 'WellKnown',
    description: "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
    produces: ['application/json'],
  }),
  'openid/v1/jwks': openId('/openid/v1/jwks/', {
    id: 'getServiceAccountIssuerOpenIDKeyset',
    tag: 'openid',
    description: 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)',
    produces: ['application/jwk-set+json'],
  }),
};

/** What verifies tokens of service accounts: a text, as far as OpenAPI knows. */
function openId(path: string, facts: Pick<Operation, 'id' | 'tag' | 'description' | 'produces'>): Operation {
  return { path, method: 'get', parameters: [], codes: [200], ...facts };
}

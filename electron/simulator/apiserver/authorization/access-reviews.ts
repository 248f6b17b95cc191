import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import type { VirtualRequest, VirtualResource } from '../registry/virtual-resource';
import type { RequestAttributes } from '../request';
import { badRequest, invalid } from '../status-errors';
import type { RbacAuthorizer } from './rbac';

const GROUP = 'authorization.k8s.io';

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
}

/** The specs of all access reviews: only those about somebody else name a user. */
interface AccessReviewSpec {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface AccessReview extends KubeObject {
  readonly spec?: AccessReviewSpec;
}

interface RulesReview extends KubeObject {
  readonly spec?: { readonly namespace?: string };
}

const handle = (resource: string, kind: string, namespaced = false): Resource => ({
  group: GROUP,
  version: 'v1',
  resource,
  kind,
  namespaced,
});

/** What one may ask about what one may do: the API group `authorization.k8s.io` (pkg/registry/authorization). */
export function accessReviews(authorizer: RbacAuthorizer): readonly VirtualResource[] {
  const review = (body: AccessReview, user: UserInfo): KubeObject => {
    const { allowed, reason } = authorizer.authorize(attributesOf(body.spec ?? {}, user));
    return { ...body, status: { allowed, ...(reason === '' ? {} : { reason }) } } as KubeObject;
  };
  return [
    {
      resource: handle('selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
      singular: 'selfsubjectaccessreview',
      async create(body: AccessReview, request) {
        requireOneKind(body);
        return review(body, request.user);
      },
    },
    {
      resource: handle('subjectaccessreviews', 'SubjectAccessReview'),
      singular: 'subjectaccessreview',
      async create(body: AccessReview) {
        requireOneKind(body);
        return review(body, subjectOf(body));
      },
    },
    {
      resource: handle('localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
      singular: 'localsubjectaccessreview',
      async create(body: AccessReview, request) {
        requireOneKind(body);
        requireSameNamespace(body, request);
        return review(body, subjectOf(body));
      },
    },
    {
      resource: handle('selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
      singular: 'selfsubjectrulesreview',
      async create(body: RulesReview, request) {
        const namespace = body.spec?.namespace;
        if (!namespace) throw badRequest('no namespace on request');
        const rules = authorizer.rulesFor(request.user, namespace);
        const status = {
          resourceRules: rules
            .filter((rule) => rule.resources?.length)
            .map(({ verbs, apiGroups, resources, resourceNames }) => ({
              verbs,
              apiGroups,
              resources,
              ...(resourceNames?.length ? { resourceNames } : {}),
            })),
          nonResourceRules: rules
            .filter((rule) => rule.nonResourceURLs?.length)
            .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
          incomplete: false,
        };
        return { ...body, status } as KubeObject;
      },
    },
  ];
}

function attributesOf(spec: AccessReviewSpec, user: UserInfo): RequestAttributes {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  return {
    user,
    verb: resource?.verb ?? other?.verb ?? '',
    isResource: resource !== undefined,
    path: other?.path ?? '',
    group: resource?.group ?? '',
    version: resource?.version ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
  };
}

function subjectOf(body: AccessReview): UserInfo {
  const { user = '', groups = [], uid, extra } = body.spec ?? {};
  if (user === '' && groups.length === 0) {
    throw fault(body, 'spec.user', 'Invalid value: "": at least one of user or group must be specified');
  }
  return { name: user, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

function requireOneKind(body: AccessReview): void {
  const { resourceAttributes, nonResourceAttributes } = body.spec ?? {};
  const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    throw fault(
      body,
      'spec.nonResourceAttributes',
      `Invalid value: cannot be specified in combination with resourceAttributes`,
    );
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    throw fault(body, 'spec.resourceAttributes', `Invalid value: null: ${text}`);
  }
}

function requireSameNamespace(body: AccessReview, request: VirtualRequest): void {
  const namespace = body.spec?.resourceAttributes?.namespace ?? '';
  if (namespace === request.namespace) return;
  throw fault(
    body,
    'spec.resourceAttributes.namespace',
    `Invalid value: "${namespace}": must match metadata.namespace`,
  );
}

function fault(body: KubeObject, field: string, message: string) {
  return invalid({ group: GROUP, kind: body.kind ?? '' }, '', [{ type: 'FieldValueInvalid', field, message }]);
}

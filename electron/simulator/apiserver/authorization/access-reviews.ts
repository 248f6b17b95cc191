import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { type Resource, subjectAccessReviews } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import type { VirtualResource } from '../registry/virtual-resource';
import type { RequestAttributes } from '../request';
import { badRequest, invalid as invalidObject } from '../status-errors';
import { type FieldError, invalid } from '../validation/field-error';
import { metadataBesides } from '../validation/review-metadata';
import type { Authorizer } from './authorizer';
import type { PolicyRule } from './rule';
import { type SelectorAttributes, selectorText, validateSelector, withOperators } from './selector-attributes';

const GROUP = 'authorization.k8s.io';

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: SelectorAttributes;
  readonly labelSelector?: SelectorAttributes;
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
export function accessReviews(authorizer: Authorizer): readonly VirtualResource[] {
  const review = (body: AccessReview, user: UserInfo): KubeObject => {
    const { attributes, faults } = attributesOf(body.spec ?? {}, user);
    const { allowed, reason } = authorizer.authorize(attributes);
    const status = {
      allowed,
      ...(reason === '' ? {} : { reason }),
      ...(faults.length === 0 ? {} : { evaluationError: faults.join('; ') }),
    };
    return { ...body, spec: answeredSpec(body.spec), status } as KubeObject;
  };
  return [
    {
      resource: handle('selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
      singular: 'selfsubjectaccessreview',
      async create(body: AccessReview, request) {
        refuse([...validateSpec(body.spec), ...metadataBesides(body, [], 'must be empty')]);
        return review(body, request.user);
      },
    },
    {
      resource: subjectAccessReviews,
      singular: 'subjectaccessreview',
      async create(body: AccessReview) {
        refuse([...validateSubjectSpec(body.spec), ...metadataBesides(body, [], 'must be empty')]);
        return review(body, subjectOf(body.spec));
      },
    },
    {
      resource: handle('localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
      singular: 'localsubjectaccessreview',
      async create(body: AccessReview) {
        refuse([
          ...validateSubjectSpec(body.spec),
          ...metadataBesides(body, ['namespace'], 'must be empty except for namespace'),
          ...validateLocal(body),
        ]);
        return review(body, subjectOf(body.spec));
      },
    },
    {
      resource: handle('selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
      singular: 'selfsubjectrulesreview',
      async create({ apiVersion, kind, spec }: RulesReview, request) {
        if (!spec?.namespace) throw badRequest('no namespace on request');
        const { rules, incomplete, error } = authorizer.rulesFor?.(request.user, spec.namespace) ?? {
          rules: [],
          incomplete: true,
          error: '',
        };
        const status = { ...listed(rules), incomplete, ...(error === '' ? {} : { evaluationError: error }) };
        // The question is not repeated, as upstream does not.
        return { kind, apiVersion, metadata: {}, spec: {}, status } as KubeObject;
      },
    },
  ];
}

function answeredSpec(spec: AccessReviewSpec = {}): AccessReviewSpec {
  const { fieldSelector, labelSelector } = spec.resourceAttributes ?? {};
  if (fieldSelector === undefined && labelSelector === undefined) return spec;
  const resourceAttributes = {
    ...spec.resourceAttributes,
    ...(fieldSelector && { fieldSelector: withOperators(fieldSelector) }),
    ...(labelSelector && { labelSelector: withOperators(labelSelector) }),
  };
  return { ...spec, resourceAttributes };
}

/** Rules in the two lists of a SubjectRulesReviewStatus. */
function listed(rules: readonly PolicyRule[]) {
  return {
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
  };
}

/** What is asked about, and which parts of the question could not be understood. */
function attributesOf(spec: AccessReviewSpec, user: UserInfo): { attributes: RequestAttributes; faults: string[] } {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const fields = selectorText('fieldSelector', resource?.fieldSelector);
  const labels = selectorText('labelSelector', resource?.labelSelector);
  const attributes: RequestAttributes = {
    user,
    verb: resource?.verb ?? other?.verb ?? '',
    isResource: resource !== undefined,
    path: other?.path ?? '',
    group: resource?.group ?? '',
    version: resource?.version || '*',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
    ...(fields.text === '' ? {} : { fieldSelector: fields.text }),
    ...(labels.text === '' ? {} : { labelSelector: labels.text }),
  };
  return { attributes, faults: [...fields.faults, ...labels.faults] };
}

function subjectOf({ user = '', groups = [], uid, extra }: AccessReviewSpec = {}): UserInfo {
  return { name: user, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

/** pkg/apis/authorization/validation. */
function validateSpec(spec: AccessReviewSpec = {}, user: FieldError[] = []): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const errors: FieldError[] = [];
  if (resource !== undefined && other !== undefined) {
    const text = 'cannot be specified in combination with resourceAttributes';
    errors.push(invalid('spec.nonResourceAttributes', internalForm(other), text));
  }
  if (resource === undefined && other === undefined) {
    const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalid('spec.resourceAttributes', null, text));
  }
  errors.push(...user);
  const at = 'spec.resourceAttributes';
  errors.push(...validateSelector('fieldSelector', resource?.fieldSelector, `${at}.fieldSelector`));
  errors.push(...validateSelector('labelSelector', resource?.labelSelector, `${at}.labelSelector`));
  return errors;
}

function validateSubjectSpec(spec: AccessReviewSpec = {}): FieldError[] {
  const isNobody = !spec.user && !spec.groups?.length;
  return validateSpec(
    spec,
    isNobody ? [invalid('spec.user', '', 'at least one of user or group must be specified')] : [],
  );
}

function validateLocal({ metadata, spec }: AccessReview): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec ?? {};
  if (resource !== undefined && (resource.namespace ?? '') !== metadata.namespace) {
    const text = 'must match metadata.namespace';
    errors.push(invalid('spec.resourceAttributes.namespace', resource.namespace ?? '', text));
  }
  if (other !== undefined) {
    errors.push(invalid('spec.nonResourceAttributes', internalForm(other), 'disallowed on this kind of request'));
  }
  return errors;
}

/** Upstream prints its internal type here, whose fields have capitals. */
function internalForm({ path = '', verb = '' }: { readonly path?: string; readonly verb?: string }) {
  return { Path: path, Verb: verb };
}

/** Upstream's error names no kind: its internal objects do not know theirs. */
function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject({ group: GROUP, kind: '' }, '', errors);
}

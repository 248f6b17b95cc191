import { celTypes } from '../../../../../shared/kubernetes/cel';

const { BOOL, DYN, INT, STRING, TIMESTAMP, listOf, mapOf, struct } = celTypes;
type CelType = celTypes.CelType;

/** The types of what admission's expressions read (`BuildRequestType` and `BuildNamespaceType` of plugin/cel/compile.go). */
export const REQUEST = struct('kubernetes.AdmissionRequest');
export const NAMESPACE = struct('kubernetes.Namespace');

const KIND = struct('kubernetes.GroupVersionKind');
const RESOURCE = struct('kubernetes.GroupVersionResource');
const USER = struct('kubernetes.UserInfo');
const METADATA = struct('kubernetes.NamespaceMetadata');
const SPEC = struct('kubernetes.NamespaceSpec');
const STATUS = struct('kubernetes.NamespaceStatus');
const CONDITION = struct('kubernetes.NamespaceCondition');

function fields(type: CelType, members: Readonly<Record<string, CelType>>): [string, ReadonlyMap<string, CelType>] {
  return [type.name, new Map(Object.entries(members))];
}

export const requestTypes: ReadonlyMap<string, ReadonlyMap<string, CelType>> = new Map([
  fields(KIND, { group: STRING, version: STRING, kind: STRING }),
  fields(RESOURCE, { group: STRING, version: STRING, resource: STRING }),
  fields(USER, {
    username: STRING,
    uid: STRING,
    groups: listOf(STRING),
    extra: mapOf(STRING, listOf(STRING)),
  }),
  fields(REQUEST, {
    kind: KIND,
    resource: RESOURCE,
    subResource: STRING,
    requestKind: KIND,
    requestResource: RESOURCE,
    requestSubResource: STRING,
    name: STRING,
    namespace: STRING,
    operation: STRING,
    userInfo: USER,
    dryRun: BOOL,
    options: DYN,
  }),
  fields(SPEC, { finalizers: listOf(STRING) }),
  fields(CONDITION, {
    status: STRING,
    type: STRING,
    lastTransitionTime: TIMESTAMP,
    message: STRING,
    reason: STRING,
  }),
  fields(STATUS, { conditions: listOf(CONDITION), phase: STRING }),
  fields(METADATA, {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapOf(STRING, STRING),
    annotations: mapOf(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: listOf(STRING),
  }),
  fields(NAMESPACE, { metadata: METADATA, spec: SPEC, status: STATUS }),
]);

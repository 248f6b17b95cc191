import type { Parameter } from './operation';

// Which parameters an operation has: apiserver/pkg/endpoints/installer.go, and the options' types that it adds. Paths share a
// parameter only when it is the very same object.

function query(name: string, type: Parameter['type'], description: string): Parameter {
  return { name, in: 'query', type, description };
}

export const PRETTY = query('pretty', 'string', 'Whether the answer is written for people: true, or false.');
export const NAMESPACE: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'The namespace of the objects.',
};
/** What follows `proxy/`. */
export const REST_OF_PATH: Parameter = {
  name: 'path',
  in: 'path',
  type: 'string',
  description: 'The path to ask for behind the proxy.',
};

/** The name of one object, by its kind. */
export function nameOf(kind: string): Parameter {
  return { name: 'name', in: 'path', type: 'string', description: `The name of the ${kind}.` };
}

const CONTINUE = query('continue', 'string', 'Where the list before this one ended: what its answer said.');
const FIELD_SELECTOR = query('fieldSelector', 'string', 'Which objects, by their fields; all of them without it.');
const LABEL_SELECTOR = query('labelSelector', 'string', 'Which objects, by their labels; all of them without it.');
const LIMIT = query('limit', 'integer', 'The largest number of objects in one answer; the next begins where it ends.');
const MATCH = query(
  'resourceVersionMatch',
  'string',
  'How resourceVersion is meant for a list: Exact or NotOlderThan.',
);
const INITIAL_EVENTS = query(
  'sendInitialEvents',
  'boolean',
  'Whether a watch begins with what is there, and with a bookmark behind it.',
);
const TIMEOUT = query('timeoutSeconds', 'integer', 'Seconds until a list or watch is ended, however busy it is.');

/** What one object is read at; custom resources alone say so. */
export const RESOURCE_VERSION = query('resourceVersion', 'string', 'The state to answer from.');

const BOOKMARKS = query('allowWatchBookmarks', 'boolean', 'Whether a watch tells by BOOKMARK events how far it is.');
const WATCH = query('watch', 'boolean', 'Whether changes follow what is there, as a stream of events.');

/** ListOptions. */
export const LIST: readonly Parameter[] = [
  ...[
    BOOKMARKS,
    CONTINUE,
    FIELD_SELECTOR,
    LABEL_SELECTOR,
    LIMIT,
    RESOURCE_VERSION,
    MATCH,
    INITIAL_EVENTS,
    TIMEOUT,
    WATCH,
  ],
];

const DRY_RUN = query('dryRun', 'string', 'All: everything is done but the writing. Nothing else is known.');
const FIELD_MANAGER = query('fieldManager', 'string', 'Who makes the change: up to 128 letters that can be printed.');
const APPLYING_MANAGER = query(
  'fieldManager',
  'string',
  'Who makes the change: up to 128 letters that can be printed. An apply must say so.',
);
const FIELD_VALIDATION = query(
  'fieldValidation',
  'string',
  'What becomes of fields that are not known, or there twice: Ignore drops them, Warn says so, Strict refuses them.',
);

/** CreateOptions and UpdateOptions. */
export const WRITE: readonly Parameter[] = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];

/** PatchOptions. */
export const PATCH: readonly Parameter[] = [
  DRY_RUN,
  APPLYING_MANAGER,
  FIELD_VALIDATION,
  query('force', 'boolean', 'Whether an apply takes fields from the managers that own them.'),
];

/** DeleteOptions. */
export const DELETE: readonly Parameter[] = [
  DRY_RUN,
  query('gracePeriodSeconds', 'integer', 'Seconds until the object is gone; 0 takes it away at once.'),
  query(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'boolean',
    'Whether an object that cannot be read is deleted all the same, and nothing else of it is done.',
  ),
  query('orphanDependents', 'boolean', 'Deprecated: whether dependents stay. Use propagationPolicy.'),
  query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
];

/** Both DeleteOptions and ListOptions, as far as they mean anything. */
export const DELETE_COLLECTION: readonly Parameter[] = [
  ...DELETE,
  ...[CONTINUE, FIELD_SELECTOR, LABEL_SELECTOR, LIMIT, RESOURCE_VERSION, MATCH, INITIAL_EVENTS, TIMEOUT],
];

const container = (verb: string) =>
  query('container', 'string', `The container to ${verb}; the only one, or the default one, without it.`);
const streams = (verb: string): Parameter[] =>
  ['stdin', 'stdout', 'stderr'].map((name) => query(name, 'boolean', `Whether ${name} is ${verb}.`));

/** PodLogOptions. */
export const LOG: readonly Parameter[] = [
  container('read'),
  query('follow', 'boolean', 'Whether the answer goes on with what the container writes.'),
  query('insecureSkipTLSVerifyBackend', 'boolean', "Whether the kubelet's certificate is left unchecked."),
  query('limitBytes', 'integer', 'The number of bytes to end after.'),
  query('previous', 'boolean', 'Whether to read the container that ran before this one.'),
  query('sinceSeconds', 'integer', 'How many seconds ago to begin.'),
  query('stream', 'string', 'Which stream to read: All, Stdout or Stderr.'),
  query('tailLines', 'integer', 'How many lines from the end to begin.'),
  query('timestamps', 'boolean', 'Whether each line begins with the moment it was written.'),
];

/** The options of subresources that connect to something, by their kinds. */
export const CONNECT: Readonly<Record<string, readonly Parameter[]>> = {
  PodAttachOptions: [
    container('attach to'),
    ...streams('attached to'),
    query('tty', 'boolean', 'Whether the container has a terminal.'),
  ],
  PodExecOptions: [
    query('command', 'string', 'The command and its arguments, one parameter each.'),
    container('run it in'),
    ...streams('connected'),
    query('tty', 'boolean', 'Whether the command gets a terminal.'),
  ],
  PodPortForwardOptions: [query('ports', 'integer', 'The ports to forward, where a WebSocket carries them.')],
  PodProxyOptions: [query('path', 'string', 'The path to ask the pod for.')],
  ServiceProxyOptions: [query('path', 'string', 'The path to ask the service for.')],
  NodeProxyOptions: [query('path', 'string', 'The path to ask the node for.')],
};

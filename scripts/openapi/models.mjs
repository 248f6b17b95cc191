/**
 * What @kubernetes/client-node's models know of a definition: properties, types, formats, what is required, and the
 * documentation. What they do not know is in facts.json (see facts.mjs).
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node/package.json')),
  'dist',
  'gen',
  'models',
);

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Types that the models write as a text or a Date. */
const MODEL_TYPES = {
  Date: `${META}.Time`,
  V1MicroTime: `${META}.MicroTime`,
  IntOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
};

/** The model of a definition where its name alone does not tell: the models have one name space for all groups. */
const MODEL_NAMES = {
  'io.k8s.api.admissionregistration.v1.ServiceReference': 'AdmissionregistrationV1ServiceReference',
  'io.k8s.api.admissionregistration.v1.WebhookClientConfig': 'AdmissionregistrationV1WebhookClientConfig',
  'io.k8s.api.authentication.v1.TokenRequest': 'AuthenticationV1TokenRequest',
  'io.k8s.api.core.v1.EndpointPort': 'CoreV1EndpointPort',
  'io.k8s.api.core.v1.Event': 'CoreV1Event',
  'io.k8s.api.core.v1.EventList': 'CoreV1EventList',
  'io.k8s.api.core.v1.EventSeries': 'CoreV1EventSeries',
  'io.k8s.api.core.v1.ResourceClaim': 'CoreV1ResourceClaim',
  'io.k8s.api.discovery.v1.EndpointPort': 'DiscoveryV1EndpointPort',
  'io.k8s.api.events.v1.Event': 'EventsV1Event',
  'io.k8s.api.events.v1.EventList': 'EventsV1EventList',
  'io.k8s.api.events.v1.EventSeries': 'EventsV1EventSeries',
  'io.k8s.api.flowcontrol.v1.Subject': 'FlowcontrolV1Subject',
  'io.k8s.api.rbac.v1.Subject': 'RbacV1Subject',
  'io.k8s.api.resource.v1.ResourceClaim': 'ResourceV1ResourceClaim',
  'io.k8s.api.storage.v1.TokenRequest': 'StorageV1TokenRequest',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference': 'ApiextensionsV1ServiceReference',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig': 'ApiextensionsV1WebhookClientConfig',
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference': 'ApiregistrationV1ServiceReference',
  'io.k8s.apimachinery.pkg.version.Info': 'VersionInfo',
};

/** `V1Pod` of `io.k8s.api.core.v1.Pod`. */
export function modelOf(name) {
  const [version = '', kind = ''] = name.split('.').slice(-2);
  return MODEL_NAMES[name] ?? `V${version.slice(1)}${kind}`;
}

/**
 * The schema of a definition, in OpenAPI v2 but for a reference having words beside it.
 * @param name upstream's: `io.k8s.api.core.v1.Pod`.
 * @param nameOf the definition that a model stands for.
 * @returns `undefined` when there is no such model.
 */
export async function modelSchema(name, nameOf) {
  const model = modelOf(name);
  let read;
  try {
    read = await Promise.all([
      import(pathToFileURL(join(folder, `${model}.js`)).href),
      readFile(join(folder, `${model}.d.ts`), 'utf8'),
    ]);
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const [module, declaration] = read;
  const fields = documentedFields(declaration, model);
  const properties = {};
  const required = [];
  for (const { name: property, baseName, type, format } of module[model].attributeTypeMap) {
    const { description, isRequired } = fields.get(property) ?? { description: '', isRequired: false };
    const schema = schemaOf(type, format, nameOf);
    properties[baseName] = { ...(description === '' ? {} : { description }), ...schema };
    if (isRequired) {
      required.push(baseName);
      // What Go always writes has its zero where it is not given.
      const zero = zeroOf(schema);
      if (zero !== undefined) properties[baseName].default = zero;
    }
  }
  return {
    description: headline(declaration, model),
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties,
  };
}

/** The schema of a type as the models' generator wrote it. */
function schemaOf(type, format, nameOf) {
  const array = /^Array<(.*)>$/.exec(type);
  if (array !== null) return { type: 'array', items: element(schemaOf(array[1], format, nameOf)) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map !== null) return { type: 'object', additionalProperties: element(schemaOf(map[1], format, nameOf)) };
  switch (type) {
    case 'any':
    case 'object':
      return { type: 'object' };
    case 'string':
      return format === '' ? { type: 'string' } : { type: 'string', format };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return format.startsWith('int') ? { type: 'integer', format } : { type: 'number', format: format || 'double' };
    default:
      return { $ref: `#/definitions/${MODEL_TYPES[type] ?? nameOf(type)}` };
  }
}

/** An item of a list or a map; Go has its zero where it is null. */
function element(schema) {
  const zero = zeroOf(schema);
  return zero === undefined ? schema : { ...schema, default: zero };
}

function zeroOf({ $ref, type, format }) {
  if ($ref !== undefined) return {};
  if (type === 'string' && format === undefined) return '';
  if (type === 'boolean') return false;
  return type === 'integer' || type === 'number' ? 0 : undefined;
}

function documentedFields(declaration, model) {
  const body = declaration.slice(declaration.indexOf(`export declare class ${model}`));
  const fields = new Map();
  for (const [, comment, name, optional] of body.matchAll(/(?:\/\*\*([\s\S]*?)\*\/\s*)?'([^']+)'(\?)?:/g)) {
    fields.set(name, { description: documentation(comment ?? ''), isRequired: optional === undefined });
  }
  return fields;
}

/** What the model says of itself. */
function headline(declaration, model) {
  const head = declaration.slice(0, declaration.indexOf(`export declare class ${model}`));
  return documentation([...head.matchAll(/\/\*\*([\s\S]*?)\*\//g)].at(-1)?.[1] ?? '');
}

/** A comment without its stars. */
function documentation(comment) {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join(' ')
    .replace(/\\(['"])/g, '$1')
    .trim();
}

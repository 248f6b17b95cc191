/**
 * Writes generated/openapi.json: the schemas of all that a v1.35 API server serves, under upstream's names. Types, required
 * fields and documentation come from @kubernetes/client-node's models (openapi/models.mjs); what these do not know, and what
 * they have from a later version, from openapi/facts.json.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromModels, merged, readFacts } from './openapi/facts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Types that the models write as texts, and so have no words for. */
const DESCRIPTIONS = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'A moment, in RFC 3339.',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'A moment, in RFC 3339 with microseconds.',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': 'A change to an object, in one of the formats of PATCH.',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'A set of fields, as a tree of their names.',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'A number with a suffix: 500m, 1.5Gi, 1e3.',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'A number, or a percentage or a name.',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'An object of any kind.',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus':
    'That the status has an endpoint of its own.',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'Any JSON value.',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'A schema, or a list of schemas.',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool':
    'A schema, or whether anything is allowed.',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray':
    'A schema, or a list of property names.',
};

const facts = await readFacts();
const models = await fromModels([...facts.keys()]);
const definitions = {};
for (const [name, fact] of facts) {
  const schema = merged(models.get(name), fact);
  definitions[name] = schema.description ? schema : { description: DESCRIPTIONS[name] ?? '', ...schema };
}

// The models leave out what upstream says beside a reference; what the other type says of itself stands in for it.
for (const { properties } of Object.values(definitions)) {
  for (const [name, property] of Object.entries(properties ?? {})) {
    const reference = property.$ref?.slice('#/definitions/'.length);
    if (reference !== undefined && definitions[reference] === undefined) {
      throw new Error(`scripts/openapi/facts.json leaves ${name} with a reference to nothing: ${reference}`);
    }
    const description = definitions[reference]?.description;
    if (property.description === undefined && description) properties[name] = { description, ...property };
  }
}

await mkdir(join(root, 'generated'), { recursive: true });
await writeFile(join(root, 'generated', 'openapi.json'), `${JSON.stringify({ definitions })}\n`);

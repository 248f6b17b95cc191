/**
 * node scripts/record-openapi.mjs URL CERTIFICATE KEY : reads a real API server's OpenAPI and writes
 * openapi/facts.json. For whoever moves to a next version of Kubernetes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { difference, FACTS, fromModels } from './openapi/facts.mjs';

const [url, certificate, key] = process.argv.slice(2);
const credentials = { cert: await readFile(certificate), key: await readFile(key), rejectUnauthorized: false };

function read(path) {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { ...credentials, headers: { accept: 'application/json' } }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    }).on('error', reject);
  });
}

const { paths: groupVersions } = await read('/openapi/v3');
const schemas = {};
for (const name of Object.keys(groupVersions)) {
  const document = await read(`/openapi/v3/${name}`);
  Object.assign(schemas, document.components?.schemas);
}

/** A schema in OpenAPI v2, but for a reference having facts beside it; without documentation. */
function bare({ description: _, oneOf, $ref, allOf, items, additionalProperties, properties, ...rest }) {
  const reference = $ref ?? allOf?.[0]?.$ref;
  const fields = Object.entries(properties ?? {}).map(([name, schema]) => [name, bare(schema)]);
  return {
    // In v2, what is a text or a number is called a text.
    ...(oneOf === undefined ? {} : { type: 'string' }),
    ...rest,
    ...(reference === undefined ? {} : { $ref: reference.replace('#/components/schemas/', '#/definitions/') }),
    ...(items === undefined ? {} : { items: bare(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: bare(additionalProperties) }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
  };
}

/** Takes the documentation from a schema of the models, as above. */
const undocumented = (schema) => (schema === undefined ? {} : bare(schema));

const names = Object.keys(schemas).sort();
const models = await fromModels(names);
const facts = names.map((name) => {
  const patch = difference(undocumented(models.get(name)), bare(schemas[name])) ?? {};
  return `${JSON.stringify(name)}: ${JSON.stringify(patch)}`;
});
await writeFile(FACTS, `{\n${facts.join(',\n')}\n}\n`);

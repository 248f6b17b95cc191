import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A schema as it stands in the generated document: OpenAPI v2 with upstream's extensions, and the defaults of v3. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type Definitions = Readonly<Record<string, Schema>>;

/** What the names of the schemas of `meta/v1` begin with. */
export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const FILE = 'openapi.json';
const REFERENCE = '#/definitions/';

let loaded: { definitions: Definitions; byKind: ReadonlyMap<string, string> } | undefined;

/** `dist/openapi.json` beside the bundle; above the sources, what was last generated or built. */
function findDocument(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const place of ['', 'generated', 'dist']) {
      const path = join(folder, place, FILE);
      if (existsSync(path)) return path;
    }
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${FILE} is missing: run node scripts/generate-openapi.mjs`);
    folder = parent;
  }
}

/** Read at the first use, so that starting does not wait for it. */
function load() {
  if (loaded === undefined) {
    const { definitions } = JSON.parse(readFileSync(findDocument(), 'utf8')) as { definitions: Definitions };
    const byKind = new Map<string, string>();
    for (const [name, schema] of Object.entries(definitions)) {
      for (const kind of schema['x-kubernetes-group-version-kind'] ?? []) byKind.set(kindKey(kind), name);
    }
    loaded = { definitions, byKind };
  }
  return loaded;
}

function kindKey({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}

/** All schemas, by upstream's names: `io.k8s.api.core.v1.Pod`. */
export function definitions(): Definitions {
  return load().definitions;
}

/** The name of a kind's schema; `undefined` when there is none. */
export function definitionOf(kind: GroupVersionKind): string | undefined {
  return load().byKind.get(kindKey(kind));
}

/** Whether anything is known of a kind. */
export function isKnownKind(kind: GroupVersionKind): boolean {
  return load().byKind.has(kindKey(kind));
}

/** The schema that another refers to, or that one itself. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return definitions()[referredName(schema.$ref)] ?? {};
}

/** `io.k8s.api.core.v1.PodSpec` of `#/definitions/io.k8s.api.core.v1.PodSpec`. */
export function referredName(reference: string): string {
  return reference.slice(REFERENCE.length);
}

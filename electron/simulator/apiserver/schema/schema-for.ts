import type { Resource } from '../../../../shared/kubernetes/resources';
import type { Scalar, SchemaNode } from '../patch/schema-node';
import { goName } from './decode';
import { definitionOf, definitions, resolved, type Schema } from './document';

/** Schemas refer to each other, some in circles: a node is made once, when it is first looked at. */
const nodes = new WeakMap<Schema, SchemaNode>();

/** What patches need to know of a kind's fields; `undefined` for a kind without a schema. */
export function schemaFor(resource: Pick<Resource, 'group' | 'version' | 'kind'>): SchemaNode | undefined {
  const name = definitionOf(resource);
  const schema = name === undefined ? undefined : definitions()[name];
  return schema === undefined ? undefined : nodeOf(schema);
}

function nodeOf(schema: Schema): SchemaNode {
  let node = nodes.get(schema);
  if (node === undefined) {
    node = new LazyNode(schema);
    nodes.set(schema, node);
  }
  return node;
}

const RAW_EXTENSION = '#/definitions/io.k8s.apimachinery.pkg.runtime.RawExtension';

class LazyNode implements SchemaNode {
  readonly #schema: Schema;
  readonly #target: Schema;
  #properties: Record<string, SchemaNode> | undefined;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#target = resolved(schema);
  }

  get structName(): string | undefined {
    return goName(this.#schema);
  }

  get type(): string | undefined {
    return this.#target.type;
  }

  // As upstream's schema of structured-merge-diff has it (client-go/applyconfigurations/internal).
  get scalar(): Scalar | undefined {
    const { $ref } = this.#schema;
    if ($ref !== undefined && /\.(Quantity|Time|MicroTime)$/.test($ref)) return 'any';
    const { type, format } = this.#target;
    if (type === 'integer' || type === 'number') return 'numeric';
    if (type === 'boolean') return 'boolean';
    return type === 'string' && format !== 'int-or-string' && format !== 'date-time' ? 'string' : undefined;
  }

  get properties(): Readonly<Record<string, SchemaNode>> | undefined {
    if (this.#target.properties === undefined) return undefined;
    this.#properties ??= Object.fromEntries(
      Object.entries(this.#target.properties).map(([name, schema]) => [name, nodeOf(schema)]),
    );
    return this.#properties;
  }

  get items(): SchemaNode | undefined {
    return this.#target.items && nodeOf(this.#target.items);
  }

  get additionalProperties(): SchemaNode | undefined {
    return this.#target.additionalProperties && nodeOf(this.#target.additionalProperties);
  }

  // How a list is merged stands where it is used, not in the type that it refers to.
  get patchMergeKey(): string | undefined {
    return this.#schema['x-kubernetes-patch-merge-key'];
  }

  get patchStrategy(): string | undefined {
    return this.#schema['x-kubernetes-patch-strategy'];
  }

  get listType(): string | undefined {
    return this.#schema['x-kubernetes-list-type'];
  }

  get listMapKeys(): readonly string[] | undefined {
    return this.#schema['x-kubernetes-list-map-keys'];
  }

  get mapType(): string | undefined {
    return this.#schema['x-kubernetes-map-type'] ?? this.#target['x-kubernetes-map-type'];
  }

  /** An object of any kind is owned as a whole. */
  get opaque(): boolean {
    return this.#schema.$ref === RAW_EXTENSION;
  }

  get default(): unknown {
    return this.#schema.default;
  }

  get required(): readonly string[] | undefined {
    return this.#target.required;
  }
}

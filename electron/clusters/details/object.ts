import { ORPCError } from '@orpc/server';
import { stringify } from 'yaml';
import type { ObjectEvent, ObjectReference } from '../../../shared/contract/connection';
import type { RowsProblem } from '../../../shared/contract/rows';
import { kindById } from '../../../shared/kinds/index';
import type { KindDefinition } from '../../../shared/kinds/kind';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import type { Connection } from '../connection/connection';
import { Topic } from '../topic';
import { Reflector, type WatchScope, type WatchSink } from '../watches/reflector';

/** @throws ORPCError (NOT_FOUND) when there is no such kind. */
export function definitionOf(reference: ObjectReference): KindDefinition {
  const definition = kindById(reference.kind);
  if (definition === undefined) throw new ORPCError('NOT_FOUND', { message: `no kind "${reference.kind}" is known` });
  return definition;
}

/** What watches exactly one object. */
export function scopeOf(definition: KindDefinition, reference: ObjectReference): WatchScope {
  return {
    resource: definition.resource,
    ...(reference.namespace === undefined ? {} : { namespace: reference.namespace }),
    fieldSelector: `metadata.name=${reference.name}`,
  };
}

/** What a watch knows of one object. */
export type Watched =
  | { readonly type: 'waiting' }
  | { readonly type: 'object'; readonly object: KubeObject }
  | { readonly type: 'absent' }
  | { readonly type: 'problem'; readonly problem: RowsProblem };

/** Keeps the newest state of one object. Deleted and made again under the same name it is another object, and shown. */
class SingleObject implements WatchSink {
  readonly topic = new Topic<Watched>({ type: 'waiting' });
  private last: KubeObject | undefined;
  private seen = false;
  private broken = false;

  listing(): void {
    this.seen = false;
  }

  put(objects: readonly KubeObject[]): void {
    const object = objects[0];
    if (object === undefined) return;
    this.seen = true;
    this.last = object;
    this.topic.set({ type: 'object', object });
  }

  listed(): void {
    if (!this.seen) this.gone();
  }

  remove(object: KubeObject): void {
    if (this.last === undefined || this.last.metadata.uid === object.metadata.uid) this.gone();
  }

  live(): void {
    if (!this.broken) return;
    this.broken = false;
    this.topic.set(this.last === undefined ? { type: 'absent' } : { type: 'object', object: this.last });
  }

  problem(problem: RowsProblem): void {
    this.broken = true;
    this.topic.set({ type: 'problem', problem });
  }

  private gone(): void {
    this.last = undefined;
    this.topic.set({ type: 'absent' });
  }
}

/** Watches one object until the signal ends it. */
export async function* watchObject(
  connection: Connection,
  scope: WatchScope,
  signal: AbortSignal | undefined,
): AsyncGenerator<Watched, void> {
  const single = new SingleObject();
  const reflector = new Reflector(connection, scope, single);
  void reflector.run();
  try {
    yield* single.topic.stream(signal);
  } finally {
    reflector.stop();
  }
}

/** An object for its details: as it is, and as YAML. Values of Secrets are masked, managedFields left out. */
export async function* streamObject(
  connection: Connection,
  reference: ObjectReference,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectEvent, void> {
  for await (const watched of watchObject(connection, scopeOf(definitionOf(reference), reference), signal)) {
    if (watched.type === 'object') yield { type: 'object', object: watched.object, yaml: toYaml(watched.object) };
    if (watched.type === 'absent') yield { type: 'deleted' };
    if (watched.type === 'problem') yield { type: 'problem', message: watched.problem.message };
  }
}

/** In the order that people expect, whatever the server's is. */
function toYaml(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  return stringify({ apiVersion, kind, metadata, ...rest }, { lineWidth: 0, aliasDuplicateObjects: false });
}

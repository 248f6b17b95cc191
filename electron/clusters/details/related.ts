import type { ObjectReference, RelatedObject } from '../../../shared/contract/connection';
import { kindByApi, kindById } from '../../../shared/kinds/index';
import type { KindDefinition, Relation, Row, Selection } from '../../../shared/kinds/kind';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import { parseLabelSelector } from '../../../shared/kubernetes/selectors';
import { pause } from '../connection/backoff';
import type { Connection } from '../connection/connection';
import { Alarm } from '../topic';
import type { Lease, WatchPool } from '../watches/watch-pool';
import type { WatchedKind } from '../watches/watched-kind';
import { definitionOf, scopeOf, watchObject } from './object';

/** Whole lists are sent no more often. Milliseconds. */
const gather = 200;
/** The most objects shown under one role. */
const most = 1000;

/** What controllers make for their objects: the kinds to look for dependents in, besides those that are watched anyway. */
const children: Readonly<Record<string, readonly string[]>> = {
  'deployments.apps': ['replicasets.apps'],
  'replicasets.apps': ['pods'],
  'statefulsets.apps': ['pods'],
  'daemonsets.apps': ['pods'],
  'jobs.batch': ['pods'],
  'cronjobs.batch': ['jobs.batch'],
  services: ['endpointslices.discovery.k8s.io'],
};

/** Rows of a watched kind that a selection chooses, kept up to date change by change. */
class Selected {
  private readonly members = new Map<string, Row>();
  readonly stop: () => void;

  constructor(watched: WatchedKind, selection: Selection, changed: () => void) {
    const { namespace, labelSelector } = selection;
    const selector = labelSelector === undefined ? undefined : parseLabelSelector(labelSelector);
    const chooses = (row: Row) =>
      (namespace === undefined || row.namespace === namespace) && (selector?.matches(labelsOf(row)) ?? true);
    for (const row of watched.rows()) if (chooses(row)) this.members.set(row.id, row);
    this.stop = watched.listen({
      changed: (id, row) => {
        const known = this.members.delete(id);
        if (row !== undefined && chooses(row)) this.members.set(id, row);
        else if (!known) return;
        changed();
      },
      status: changed,
    });
  }

  rows(): Iterable<Row> {
    return this.members.values();
  }
}

/** All that has to do with one state of an object. Rings when any of it changes; let go of with `release`. */
class Relatives {
  private readonly object: KubeObject;
  private readonly leases: Lease[] = [];
  private readonly stops: (() => void)[] = [];
  private readonly named: { readonly relation: Relation; readonly watched?: WatchedKind }[] = [];
  private readonly selected: { readonly role: string; readonly kind: KindDefinition; readonly rows: Selected }[] = [];
  private readonly childKinds = new Set<WatchedKind>();

  constructor(pool: WatchPool, definition: KindDefinition, object: KubeObject, changed: () => void) {
    this.object = object;
    const lease = (kind: KindDefinition, namespace: string | undefined, fieldSelector?: string): WatchedKind => {
      const held = pool.lease(kind, namespace, fieldSelector);
      this.leases.push(held);
      return held.watched;
    };
    for (const relation of [...ownersOf(object), ...(definition.relations?.(object) ?? [])]) {
      const kind = kindById(relation.kind);
      if (kind === undefined) {
        this.named.push({ relation });
        continue;
      }
      const watched = lease(kind, relation.namespace);
      this.stops.push(
        watched.listen({
          changed: (_, row) => {
            if (row === undefined || row.name === relation.name) changed();
          },
          status: changed,
        }),
      );
      this.named.push({ relation, watched });
    }
    for (const selection of definition.selections?.(object) ?? []) {
      const kind = kindById(selection.kind);
      if (kind === undefined) continue;
      const rows = new Selected(lease(kind, selection.namespace, selection.fieldSelector), selection, changed);
      this.stops.push(rows.stop);
      this.selected.push({ role: selection.role, kind, rows });
    }
    for (const id of children[definition.id] ?? []) {
      const kind = kindById(id);
      if (kind !== undefined) this.childKinds.add(lease(kind, object.metadata.namespace));
    }
    for (const watched of pool.running()) this.childKinds.add(watched);
    const uid = object.metadata.uid ?? '';
    for (const watched of this.childKinds) {
      let count = watched.dependentsOf(uid).length;
      const look = () => {
        const now = watched.dependentsOf(uid).length;
        if (now > 0 || count > 0) changed();
        count = now;
      };
      this.stops.push(watched.listen({ changed: look, status: changed }));
    }
  }

  list(): RelatedObject[] {
    const found = new Map<string, RelatedObject>();
    const add = (related: RelatedObject) => {
      const key = `${related.kind}/${related.namespace ?? ''}/${related.name}`;
      if (!found.has(key)) found.set(key, related);
    };
    for (const { relation, watched } of this.named) {
      const row = watched?.named(relation.namespace ?? '', relation.name);
      // Where nobody may look, or nobody has looked yet, nothing is said about the object.
      const unknown = watched?.liveSince === undefined;
      const absent = unknown ? { ...relation, health: 'neutral' as const } : relation;
      add(row === undefined || watched === undefined ? absent : describe(relation.role, watched.definition, row));
    }
    for (const { role, kind, rows } of this.selected) addRows(add, role, kind, rows.rows());
    for (const watched of this.childKinds) {
      const rows = watched.dependentsOf(this.object.metadata.uid ?? '');
      addRows(add, watched.definition.title, watched.definition, rows);
    }
    return [...found.values()];
  }

  release(): void {
    for (const stop of this.stops) stop();
    for (const lease of this.leases) lease.release();
  }
}

/** The objects that have to do with one object, the whole list with each change. */
export async function* streamRelated(
  connection: Connection,
  pool: WatchPool,
  reference: ObjectReference,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly RelatedObject[], void> {
  const definition = definitionOf(reference);
  const alarm = new Alarm(signal);
  let relatives: Relatives | undefined;
  const follow = async () => {
    for await (const watched of watchObject(connection, scopeOf(definition, reference), signal)) {
      if (watched.type !== 'object') continue;
      const previous = relatives;
      relatives = new Relatives(pool, definition, watched.object, () => alarm.ring());
      previous?.release();
      alarm.ring();
    }
  };
  const following = follow();
  try {
    while (await alarm.rung()) {
      if (relatives !== undefined) yield relatives.list();
      await pause(gather, signal);
    }
    await following;
  } finally {
    alarm.close();
    relatives?.release();
  }
}

function addRows(add: (related: RelatedObject) => void, role: string, kind: KindDefinition, rows: Iterable<Row>): void {
  let left = most;
  for (const row of rows) {
    if (left === 0) return;
    left -= 1;
    add(describe(role, kind, row));
  }
}

function describe(role: string, kind: KindDefinition, row: Row): RelatedObject {
  const status = row.cells[kind.columns.findIndex((column) => column.type === 'status')];
  return {
    role,
    kind: kind.id,
    ...(row.namespace === '' ? {} : { namespace: row.namespace }),
    name: row.name,
    health: row.health,
    ...(typeof status === 'string' ? { label: status } : {}),
  };
}

function ownersOf({ metadata }: KubeObject): Relation[] {
  return (metadata.ownerReferences ?? []).map((owner) => {
    const kind = kindByApi(owner.apiVersion, owner.kind);
    const namespace = kind?.resource.namespaced === false ? undefined : metadata.namespace;
    return {
      role: 'Owner',
      kind: kind?.id ?? owner.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name: owner.name,
    };
  });
}

function labelsOf(row: Row): Record<string, string> {
  return Object.fromEntries(
    row.labels.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

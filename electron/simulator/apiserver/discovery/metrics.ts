import type { Registry } from '../registry/registry';

/** `/metrics` in Prometheus' text format: what the store holds and how far it has come. */
export function metricsText(registries: Iterable<Registry>, revision: number): string {
  const lines = [
    '# HELP apiserver_resource_objects [STABLE] Number of stored objects at the time of last check split by kind.',
    '# TYPE apiserver_resource_objects gauge',
  ];
  for (const { resource, table, definition } of registries) {
    // Another version of what is counted already.
    if (definition.storage !== undefined) continue;
    lines.push(`apiserver_resource_objects{group="${resource.group}",resource="${resource.resource}"} ${table.size}`);
  }
  lines.push(
    '# HELP apiserver_storage_revision The latest revision of the store.',
    '# TYPE apiserver_storage_revision gauge',
    `apiserver_storage_revision ${revision}`,
  );
  return `${lines.join('\n')}\n`;
}

import type { ConfigMap, Pod, Secret, Service } from '../../../shared/kubernetes/objects';
import { configMaps, secrets } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ApiClient } from '../client';
import { fieldValue, resourceFieldValue } from './downward';
import { textOf } from './runtime/bytes';
import type { ContainerSpec } from './types';

/** A container cannot be made from its spec: the waiting reason `CreateContainerConfigError`. */
export class ConfigError extends Error {}

/**
 * The environment of a container (pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables): services first, then `envFrom`,
 * then `env`, each later one overriding.
 * @throws ConfigError when a ConfigMap, a Secret or a key in one is missing.
 */
export async function environmentOf(
  client: ApiClient,
  pod: Pod,
  container: ContainerSpec,
  services: readonly Service[],
  addresses: { podIP: string; hostIP: string; nodeName: string },
): Promise<Map<string, string>> {
  const result = serviceVariables(services);
  const { namespace = '' } = pod.metadata;
  for (const source of container.envFrom ?? []) {
    const reference = source.configMapRef ?? source.secretRef;
    if (reference?.name === undefined) continue;
    const data =
      source.configMapRef !== undefined
        ? (await configMap(client, namespace, reference.name, reference.optional))?.data
        : decoded(await secret(client, namespace, reference.name, reference.optional));
    for (const [name, value] of Object.entries(data ?? {})) result.set(`${source.prefix ?? ''}${name}`, value);
  }
  const declared = new Map<string, string>();
  for (const variable of container.env ?? []) {
    let value: string | undefined;
    const from = variable.valueFrom;
    if (from === undefined) value = expand(variable.value ?? '', (name) => declared.get(name) ?? result.get(name));
    else if (from.fieldRef !== undefined) value = fieldValue(pod, from.fieldRef.fieldPath, addresses);
    else if (from.resourceFieldRef !== undefined) value = resourceFieldValue(pod, container, from.resourceFieldRef);
    else if (from.configMapKeyRef !== undefined) {
      const { name = '', key, optional } = from.configMapKeyRef;
      const found = await configMap(client, namespace, name, optional);
      value = found?.data?.[key];
      if (found !== undefined && value === undefined && optional !== true) {
        throw new ConfigError(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`);
      }
    } else if (from.secretKeyRef !== undefined) {
      const { name = '', key, optional } = from.secretKeyRef;
      const found = await secret(client, namespace, name, optional);
      value = decoded(found)?.[key];
      if (found !== undefined && value === undefined && optional !== true) {
        throw new ConfigError(`couldn't find key ${key} in Secret ${namespace}/${name}`);
      }
    }
    if (value !== undefined) {
      declared.set(variable.name, value);
      result.set(variable.name, value);
    }
  }
  return result;
}

/** `$(NAME)` by its value, `$$` by `$`; what is not known stays (third_party/forked/golang/expansion). */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, what: string, name: string | undefined) =>
    what === '$' ? '$' : (value(name ?? '') ?? whole),
  );
}

async function configMap(
  client: ApiClient,
  namespace: string,
  name: string,
  optional: boolean | undefined,
): Promise<ConfigMap | undefined> {
  try {
    return await client.get(configMaps, namespace, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (optional === true) return undefined;
    throw new ConfigError(`configmap "${name}" not found`);
  }
}

async function secret(
  client: ApiClient,
  namespace: string,
  name: string,
  optional: boolean | undefined,
): Promise<Secret | undefined> {
  try {
    return await client.get(secrets, namespace, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (optional === true) return undefined;
    throw new ConfigError(`secret "${name}" not found`);
  }
}

/** A Secret's values as text. */
export function decoded(found: Secret | undefined): Record<string, string> | undefined {
  if (found === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(found.data ?? {}).map(([key, value]) => [key, textOf(Buffer.from(value, 'base64'))]),
  );
}

/** The variables of Services by Service: all containers of a namespace have the same. */
const variablesOf = new WeakMap<Service, ReadonlyMap<string, string>>();

/** pkg/kubelet/envvars: the variables that Docker links had, for each Service of the namespace that has an address. */
function serviceVariables(services: readonly Service[]): Map<string, string> {
  const result = new Map<string, string>();
  for (const service of services) {
    const variables = variablesOf.get(service) ?? linkVariables(service);
    variablesOf.set(service, variables);
    for (const [name, value] of variables) result.set(name, value);
  }
  return result;
}

function linkVariables(service: Service): Map<string, string> {
  const result = new Map<string, string>();
  const address = service.spec?.clusterIP;
  const ports = service.spec?.ports ?? [];
  const first = ports[0];
  if (!address || address === 'None' || first === undefined) return result;
  const name = (service.metadata.name ?? '').toUpperCase().replace(/-/g, '_');
  result.set(`${name}_SERVICE_HOST`, address);
  result.set(`${name}_SERVICE_PORT`, String(first.port));
  for (const port of ports) {
    if (port.name) result.set(`${name}_SERVICE_PORT_${port.name.toUpperCase().replace(/-/g, '_')}`, String(port.port));
  }
  ports.forEach((port, index) => {
    const protocol = port.protocol ?? 'TCP';
    const url = `${protocol.toLowerCase()}://${address}:${port.port}`;
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    if (index === 0) result.set(`${name}_PORT`, url);
    result.set(prefix, url);
    result.set(`${prefix}_PROTO`, protocol.toLowerCase());
    result.set(`${prefix}_PORT`, String(port.port));
    result.set(`${prefix}_ADDR`, address);
  });
  return result;
}

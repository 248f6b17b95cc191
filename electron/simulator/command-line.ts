import { parseArgs } from 'node:util';
import { messageOf } from '../../shared/error-message';
import type { ApiServerSettings } from './api-server';
import { AUTHORIZATION_MODES, type AuthorizationMode } from './apiserver/authorization';
import { FEATURES, parseFeatureGates } from './apiserver/feature-gates';
import { knownGroupVersions, UNSERVED } from './apiserver/strategies';
import { parseRuntimeConfig } from './apiserver/strategies/runtime-config';
import { COMPONENT_GROUPS } from './component-choice';
import { findPreset, presets } from './presets';

/** What a person asks `simulate` for. */
export interface SimulateOptions {
  readonly preset: string;
  readonly port?: number;
  readonly kubeconfig?: string;
  readonly data?: string;
  readonly ephemeral: boolean;
  readonly seed?: number;
  readonly speed?: number;
  /** Names of components and of groups of them. */
  readonly disable?: readonly string[];
  readonly apiServer?: ApiServerSettings;
}

/** A fault in how the program was called; its message names the fault. */
export class UsageError extends Error {}

export const usage = `Usage: simulate [--preset NAME] [--port N] [--kubeconfig FILE] [--data DIR | --ephemeral] [--seed N] [--speed N]
                [--disable NAME,…] [flags of kube-apiserver]

Runs a simulated Kubernetes cluster. When it is ready, one line of JSON on standard output says where it is.

  --preset NAME      the cluster to start with (default: course)
${presets.map(({ name, description }) => `                       ${name}: ${description}`).join('\n')}
  --port N           the port on 127.0.0.1; 0 takes a free one (default: the one it had before, or a free one)
  --kubeconfig FILE  where to write the kubeconfig (default: in the data folder)
  --data DIR         where to keep the cluster (default: the platform's folder for applications' data)
  --ephemeral        keep nothing
  --seed N           one seed gives one history
  --speed N          cluster seconds a second (default: 1)
  --disable NAME,…   what is not to run: ${COMPONENT_GROUPS.join(', ')}, or the name of a controller

Flags of kube-apiserver, with its meaning:

  --token-auth-file FILE                    bearer tokens: a CSV file of token, user, uid and "group,…"
  --client-ca-file FILE                     certificates (PEM) whose clients are let in besides the cluster's own
  --service-cluster-ip-range CIDR[,CIDR]    where Services get their addresses from, IPv4 and then IPv6 (default:
                                            10.96.0.0/12)
  --service-node-port-range LOW-HIGH        where NodePorts come from (default: 30000-32767)
  --authorization-mode MODE,…               ${AUTHORIZATION_MODES.join(', ')} (default: Node,RBAC)
  --enable-admission-plugins NAME,…         besides those that are on by default
  --disable-admission-plugins NAME,…        of those that are on by default
  --feature-gates NAME=true|false,…         what is not on by default: ${FEATURES.join(', ')}
  --runtime-config GROUP/VERSION=true,…     what is not served by default: ${UNSERVED.join(', ')}
  --audit-log-path FILE                     where each request is noted, as lines of JSON; - for standard output
  --audit-log-maxsize N                     megabytes after which that file is put aside (default: 100)
  --audit-log-maxbackup N                   how many of those are kept (default: 1)
`;

const OPTIONS = {
  preset: { type: 'string', default: 'course' },
  port: { type: 'string' },
  kubeconfig: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean', default: false },
  seed: { type: 'string' },
  speed: { type: 'string' },
  disable: { type: 'string', multiple: true },
  'token-auth-file': { type: 'string' },
  'client-ca-file': { type: 'string' },
  'service-cluster-ip-range': { type: 'string' },
  'service-node-port-range': { type: 'string' },
  'authorization-mode': { type: 'string', multiple: true },
  'enable-admission-plugins': { type: 'string', multiple: true },
  'disable-admission-plugins': { type: 'string', multiple: true },
  'feature-gates': { type: 'string', multiple: true },
  'runtime-config': { type: 'string', multiple: true },
  'audit-log-path': { type: 'string' },
  'audit-log-maxsize': { type: 'string' },
  'audit-log-maxbackup': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads the arguments after the program's name.
 * @returns `help` when that is what is asked for.
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[]): SimulateOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  for (const name of ['kubeconfig', 'data', 'token-auth-file', 'client-ca-file', 'audit-log-path'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} needs a path`);
  }
  if (values.data !== undefined && values.ephemeral) {
    throw new UsageError('--data and --ephemeral exclude each other: keep the cluster in a folder, or keep nothing');
  }
  const port = wholeNumber('--port', values.port, 65_535);
  const seed = wholeNumber('--seed', values.seed, 2 ** 32 - 1);
  const speed = positiveNumber('--speed', values.speed);
  const disable = list(values.disable);
  const apiServer = apiServerSettings(values);
  return {
    preset: presetName(values.preset ?? OPTIONS.preset.default),
    ephemeral: values.ephemeral ?? false,
    ...(port === undefined ? {} : { port }),
    ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(seed === undefined ? {} : { seed }),
    ...(speed === undefined ? {} : { speed }),
    ...(disable.length === 0 ? {} : { disable }),
    ...(Object.keys(apiServer).length === 0 ? {} : { apiServer }),
  };
}

const AUDIT_MEGABYTES = 100;
const AUDIT_BACKUPS = 1;

function apiServerSettings(values: ReturnType<typeof parse>['values']): ApiServerSettings {
  const tokenAuthFile = values['token-auth-file'];
  const clientCaFile = values['client-ca-file'];
  const serviceClusterIpRange = values['service-cluster-ip-range'];
  const serviceNodePortRange = values['service-node-port-range'];
  const modes = list(values['authorization-mode']);
  const enable = list(values['enable-admission-plugins']);
  const disable = list(values['disable-admission-plugins']);
  const gates = list(values['feature-gates']);
  const runtimeConfig = list(values['runtime-config']);
  const path = values['audit-log-path'];
  const maxSize = wholeNumber('--audit-log-maxsize', values['audit-log-maxsize'], 1_000_000) || AUDIT_MEGABYTES;
  const maxBackup = wholeNumber('--audit-log-maxbackup', values['audit-log-maxbackup'], 1_000) ?? AUDIT_BACKUPS;
  return {
    ...(tokenAuthFile === undefined ? {} : { tokenAuthFile }),
    ...(clientCaFile === undefined ? {} : { clientCaFile }),
    ...(serviceClusterIpRange === undefined ? {} : { serviceClusterIpRange }),
    ...(serviceNodePortRange === undefined ? {} : { serviceNodePortRange }),
    ...(modes.length === 0 ? {} : { authorizationModes: authorizationModes(modes) }),
    ...(enable.length + disable.length === 0 ? {} : { admissionPlugins: { enable, disable } }),
    ...(gates.length === 0 ? {} : { featureGates: asUsage(() => parseFeatureGates(gates)) }),
    ...(runtimeConfig.length === 0
      ? {}
      : { runtimeConfig: asUsage(() => parseRuntimeConfig(runtimeConfig, knownGroupVersions)) }),
    ...(path === undefined ? {} : { auditLog: { path, maxSize, maxBackup } }),
  };
}

/** Makes a usage error of whatever is wrong with a flag. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}

/** What follows a flag that takes several, with commas between or given again. */
function list(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}

/** @throws UsageError with upstream's texts (pkg/kubeapiserver/options/authorization.go). */
function authorizationModes(modes: readonly string[]): AuthorizationMode[] {
  const known: readonly string[] = AUTHORIZATION_MODES;
  const unknown = modes.find((mode) => !known.includes(mode));
  if (unknown !== undefined) {
    throw new UsageError(
      `authorization-mode ${JSON.stringify(unknown)} is not a valid mode: choose from ${known.join(', ')}`,
    );
  }
  if (new Set(modes).size < modes.length) {
    const texts = modes.map((mode) => JSON.stringify(mode)).join(' ');
    throw new UsageError(`authorization-mode [${texts}] has mode specified more than once`);
  }
  return AUTHORIZATION_MODES.filter((mode) => modes.includes(mode)).sort((a, b) => modes.indexOf(a) - modes.indexOf(b));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false });
  } catch (error) {
    // Node's own text names the option or the argument; what follows it is advice for programmers.
    throw new UsageError(messageOf(error).split('. ')[0] ?? '', { cause: error });
  }
}

function presetName(name: string): string {
  try {
    return findPreset(name).name;
  } catch (error) {
    throw new UsageError(`--preset: ${messageOf(error)}`, { cause: error });
  }
}

function wholeNumber(option: string, text: string | undefined, largest: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= largest) return value;
  throw new UsageError(`${option} needs a whole number from 0 to ${largest}, not "${text}"`);
}

function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new UsageError(`${option} needs a number above 0, not "${text}"`);
}

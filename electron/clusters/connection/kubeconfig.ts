// Deep imports: the package's index takes half a second longer to load.
import { KubeConfig } from '@kubernetes/client-node/dist/config';
import type { ContextTarget } from '../catalog/contexts';

/**
 * Loads one context with its credentials. They stay in the process that calls this.
 *
 * @throws Error when a file cannot be read or the context, its cluster or its user is not there.
 */
export function loadContext(target: ContextTarget): KubeConfig {
  const configs = target.files.flatMap((file) => {
    const config = new KubeConfig();
    try {
      // Relative paths count from the file that has them; client-node sees to that.
      config.loadFromFile(file, { onInvalidEntry: 'filter' });
    } catch (error) {
      // A broken file must not stand in the way of contexts that do not need it; the catalog names its fault.
      if (file === target.files[0]) throw error;
      return [];
    }
    return [config];
  });
  const context = configs[0]?.getContextObject(target.context);
  if (context === null || context === undefined) throw new Error(`context "${target.context}" is no longer there`);
  const cluster = configs.map((config) => config.getCluster(context.cluster)).find((found) => found !== null);
  if (cluster === null || cluster === undefined) throw new Error(`cluster "${context.cluster}" is not defined`);
  const named = configs.map((config) => config.getUser(context.user)).find((found) => found !== null);
  if (context.user && (named === null || named === undefined)) throw new Error(`user "${context.user}" is not defined`);
  const user = named ?? { name: context.user };
  const config = new KubeConfig();
  config.loadFromOptions({
    // client-node refuses plain HTTP unless told that there is no certificate to check.
    clusters: [cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster],
    users: [user],
    contexts: [context],
    currentContext: context.name,
  });
  return config;
}

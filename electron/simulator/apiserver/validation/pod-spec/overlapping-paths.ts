import type { Volume } from '../../strategies/pod-defaults';

interface PlacedFile {
  readonly path: string;
  /** Where the file comes from, in a volume of several sources. */
  readonly source: string;
}

type Items = readonly { readonly path?: string }[] | undefined;

const filesOf = (items: Items, source = ''): PlacedFile[] =>
  (items ?? []).map(({ path = '' }) => ({ path: path.replace(/\/+$/, ''), source }));

/** Files of one volume of which one would lie on, or in, another (`warningsForOverlappingVirtualPaths`). */
export function overlappingPathWarnings(volumes: readonly Volume[]): string[] {
  return volumes.flatMap((volume) => {
    const { name, configMap, secret, downwardAPI, projected } = volume;
    const warn = (kind: string, files: readonly PlacedFile[]) =>
      overlaps(files).map((text) => `volume ${JSON.stringify(name)} (${kind}): overlapping paths: ${text}`);
    return [
      ...warn(`ConfigMap ${JSON.stringify(configMap?.name ?? '')}`, filesOf(configMap?.items)),
      ...warn(`Secret ${JSON.stringify(secret?.secretName ?? '')}`, filesOf(secret?.items)),
      ...warn('DownwardAPI', filesOf(downwardAPI?.items)),
      ...(projected?.sources ?? []).flatMap((source) =>
        Object.values(source).every((value) => value === undefined)
          ? [`volume ${JSON.stringify(name)} (Projected) has no sources provided`]
          : [],
      ),
      ...warn('Projected', (projected?.sources ?? []).flatMap(filesOfSource)),
    ];
  });
}

type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function filesOfSource(source: Source): PlacedFile[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
  if (configMap?.items !== undefined) return filesOf(configMap.items, `ConfigMap ${JSON.stringify(configMap.name)}`);
  if (secret?.items !== undefined) return filesOf(secret.items, `Secret ${JSON.stringify(secret.name)}`);
  if (downwardAPI?.items !== undefined) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken !== undefined) return filesOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle !== undefined) {
    const bundle = clusterTrustBundle.name ?? clusterTrustBundle.signerName;
    return filesOf([clusterTrustBundle], `ClusterTrustBundle ${JSON.stringify(bundle)}`);
  }
  return [];
}

const textOf = ({ path, source }: PlacedFile) =>
  source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;

function overlaps(files: readonly PlacedFile[]): string[] {
  return files.flatMap((file, index) =>
    files
      .slice(0, index)
      .filter((other) => file.path !== '' && other.path !== '' && touches(file.path, other.path))
      .map((other) => `${textOf(file)} with ${textOf(other)}`),
  );
}

const touches = (a: string, b: string) => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

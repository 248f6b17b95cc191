import { useMemo } from 'react';
import { kinds } from '../../shared/kinds/index';
import { useCatalog } from './app-queries';
import type { Command } from './commands';
import { retryConnection } from './connections';
import { useCommands } from './keyboard';
import { namespaceChoice } from './namespaces';
import { type Navigation, useNavigation, usePlace } from './navigation';
import { theme, themes } from './theme';

/** What can be done from anywhere: go to a kind or a cluster, change the theme, go back. */
export function useGlobalCommands(): void {
  const { contextId } = usePlace();
  const { toCluster, toKind, toObject } = useNavigation();
  const contexts = useCatalog()?.contexts;
  useCommands(
    useMemo(() => {
      const navigation = { toCluster, toKind, toObject };
      return contextId === undefined ? [] : clusterCommands(contextId, navigation);
    }, [contextId, toCluster, toKind, toObject]),
  );
  useCommands(
    useMemo(
      () =>
        (contexts ?? [])
          .filter((context) => context.problem === undefined)
          .map((context) => ({
            id: `go.context.${context.id}`,
            title: context.name,
            group: 'Clusters',
            keywords: ['context', context.cluster, context.server],
            run: () => toCluster(context.id),
          })),
      [contexts, toCluster],
    ),
  );
  useCommands(always);
}

function clusterCommands(contextId: string, { toCluster, toKind }: Navigation): Command[] {
  return [
    { id: 'go.overview', title: 'Overview', group: 'Go to', run: () => toCluster(contextId) },
    ...kinds.map((kind) => ({
      id: `go.${kind.id}`,
      title: kind.title,
      group: 'Go to',
      keywords: [...kind.shortNames, kind.resource.kind, kind.id],
      run: () => toKind(contextId, kind.id),
    })),
    {
      id: 'namespaces.all',
      title: 'All namespaces',
      group: 'Namespaces',
      keys: ['0'],
      run: () => namespaceChoice(contextId).set([]),
    },
    {
      id: 'connection.retry',
      title: 'Connect again now',
      group: 'Cluster',
      keywords: ['retry', 'reconnect'],
      run: () => retryConnection(contextId),
    },
  ];
}

const always: readonly Command[] = [
  { id: 'app.back', title: 'Back', group: 'Window', keys: ['['], run: () => window.history.back() },
  { id: 'app.forward', title: 'Forward', group: 'Window', keys: [']'], run: () => window.history.forward() },
  ...themes.map((name) => ({
    id: `theme.${name}`,
    title: name === 'system' ? 'Theme as the system’s' : `${name === 'light' ? 'Light' : 'Dark'} theme`,
    group: 'Theme',
    run: () => theme.set(name),
  })),
];

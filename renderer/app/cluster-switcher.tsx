import { Check, ChevronsUpDown, TriangleAlert } from 'lucide-react';
import type { CatalogProblem, ContextSource, ContextSummary } from '../../shared/contract/app';
import { MenuContent, MenuItem, MenuLabel, MenuRoot, MenuSeparator, MenuTrigger } from '../ui/menu';
import { StatusGlyph, type Tone } from '../ui/status-glyph';
import { useCatalog } from './app-queries';
import { type ConnectionView, useConnectionIfOpen } from './connections';
import { useNavigation, usePlace } from './navigation';

const tones: Readonly<Record<ConnectionView['state']['state'], Tone>> = {
  connecting: 'progress',
  connected: 'ok',
  unreachable: 'error',
  untrusted: 'error',
  unauthorized: 'error',
  failed: 'error',
};

/** The context that is shown, and all others by where they come from. */
export function ClusterSwitcher() {
  const catalog = useCatalog();
  const { contextId } = usePlace();
  const current = catalog?.contexts.find((context) => context.id === contextId);
  return (
    <MenuRoot>
      <MenuTrigger
        data-testid="action.cluster"
        aria-label={`Cluster: ${current?.name ?? contextId ?? 'Choose a cluster'}`}
        className="flex h-7 max-w-72 items-center gap-2 rounded-sm border border-line bg-surface-1 px-2 hover:border-line-strong"
      >
        {contextId !== undefined && <ContextState contextId={contextId} />}
        <span className="min-w-24 truncate text-left font-medium">
          {current?.name ?? contextId ?? 'Choose a cluster'}
        </span>
        {(catalog?.problems.length ?? 0) > 0 && (
          <TriangleAlert className="size-3.5 text-warning" aria-label="A kubeconfig has problems" />
        )}
        <ChevronsUpDown className="size-3.5 text-ink-faint" aria-hidden />
      </MenuTrigger>
      <MenuContent align="start" className="w-[420px]">
        {bySource(catalog?.contexts ?? []).map(({ title, contexts }) => (
          <div key={title}>
            <MenuLabel>{title}</MenuLabel>
            {contexts.map((context) => (
              <ContextItem key={context.id} context={context} current={context.id === contextId} />
            ))}
          </div>
        ))}
        {catalog?.contexts.length === 0 && <MenuLabel>No kubeconfig names a cluster.</MenuLabel>}
        <Problems problems={catalog?.problems ?? []} />
      </MenuContent>
    </MenuRoot>
  );
}

function ContextItem({ context, current }: { context: ContextSummary; current: boolean }) {
  const { toCluster } = useNavigation();
  return (
    <MenuItem
      onSelect={() => toCluster(context.id)}
      disabled={context.problem !== undefined}
      data-testid={`context:${context.name}`}
      className="h-auto min-h-8 py-1"
    >
      <ContextState contextId={context.id} />
      <span className="min-w-0 flex-1">
        <span className="block truncate">{context.name}</span>
        <span className="block truncate text-ink-faint text-xs">{context.problem ?? context.server}</span>
      </span>
      {current && <Check className="size-3.5 text-accent" aria-label="shown now" />}
    </MenuItem>
  );
}

function ContextState({ contextId }: { contextId: string }) {
  const state = useConnectionIfOpen(contextId)?.state.state;
  return <StatusGlyph tone={state === undefined ? 'neutral' : tones[state]} label={state ?? 'not connected'} />;
}

function Problems({ problems }: { problems: readonly CatalogProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <>
      <MenuSeparator />
      <MenuLabel>Could not be read</MenuLabel>
      {/* biome-ignore lint/a11y/useSemanticElements: a part of a menu, not of a form */}
      <div role="group" aria-label="Problems" data-testid="catalog.problems">
        {problems.map(({ file, line, message }) => (
          <div key={`${file}:${line}:${message}`} className="flex gap-2 px-2 py-1" data-selectable>
            <TriangleAlert className="mt-0.5 size-3.5 shrink-0 text-warning" aria-hidden />
            <span className="min-w-0">
              <span className="block break-all font-mono text-xs">{line === undefined ? file : `${file}:${line}`}</span>
              <span className="block text-ink-soft text-xs">{message}</span>
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

function sourceTitle(source: ContextSource): string {
  return source.type === 'simulator' ? 'Simulated' : source.file;
}

function bySource(contexts: readonly ContextSummary[]): { title: string; contexts: readonly ContextSummary[] }[] {
  const found = new Map<string, ContextSummary[]>();
  for (const context of contexts) {
    const title = sourceTitle(context.source);
    found.set(title, [...(found.get(title) ?? []), context]);
  }
  return [...found].map(([title, members]) => ({ title, contexts: members }));
}

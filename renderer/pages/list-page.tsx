import { useNavigate } from '@tanstack/react-router';
import { Lock, PackageX } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import type { RowsProblem } from '../../shared/contract/rows';
import { kindById } from '../../shared/kinds/index';
import type { KindDefinition, Row } from '../../shared/kinds/kind';
import type { Command } from '../app/commands';
import { type ConnectionView, useConnection } from '../app/connections';
import { useCommands } from '../app/keyboard';
import { lastContext } from '../app/last-context';
import { choiceText, type NamespaceChoice, useNamespaceChoice } from '../app/namespaces';
import { objectAddress, parseObjectAddress, useNavigation, usePlace } from '../app/navigation';
import { offerPageObjects } from '../app/page-objects';
import { useRows } from '../app/use-rows';
import { DetailsDrawer } from '../details/details-drawer';
import { DataGrid } from '../table/data-grid';
import { FilterField } from '../table/filter-field';
import type { RowsSnapshot } from '../table/row-store';
import { sortCommands } from '../table/sort-commands';
import { Picture } from '../ui/picture';
import { ConnectionPicture, LostBanner } from './connection-pictures';
import { EmptyPicture, NoMatchPicture, ProblemPicture } from './rows-pictures';

/** All objects of one kind. */
export function ListPage() {
  const { contextId, kind: kindId } = usePlace();
  const kind = kindId === undefined ? undefined : kindById(kindId);
  if (contextId === undefined || kind === undefined) {
    return <Picture icon={PackageX} title={`Porthole does not know “${kindId}”`} testId="picture.unknown-kind" />;
  }
  return <KindList key={kind.id} contextId={contextId} kind={kind} />;
}

function KindList({ contextId, kind }: { contextId: string; kind: KindDefinition }) {
  const { search } = usePlace();
  const { toObject } = useNavigation();
  const view = useConnection(contextId);
  const namespaces = useNamespaceChoice(contextId);
  const { store, snapshot } = useRows(contextId, view, kind, namespaces);
  const open = parseObjectAddress(kind.id, search.object);
  const close = useCloseDrawer();
  useEffect(() => lastContext.set(contextId), [contextId]);

  const openRow = useCallback(
    (row: Row) => toObject(contextId, { kind: kind.id, name: row.name, ...namespaceOf(row) }, search.tab),
    [toObject, contextId, kind, search.tab],
  );
  const hrefOf = useCallback(
    (target: string, name: string) =>
      `#/c/${encodeURIComponent(contextId)}/${target}?object=${encodeURIComponent(objectAddress(undefined, name))}`,
    [contextId],
  );
  useCommands(useMemo(() => sortCommands(kind, store), [kind, store]));
  const isOpen = open !== undefined;
  useCommands(useMemo(() => (isOpen ? [closeCommand(close)] : []), [isOpen, close]));
  useEffect(
    () =>
      offerPageObjects((text, most) => {
        const found = store.slice(0, 5000).filter((row) => row.name.includes(text.toLowerCase()));
        return found.slice(0, most).map((row) => ({ ...row, open: () => openRow(row) }));
      }),
    [store, openRow],
  );

  const lost = lostSince(view, snapshot);
  const openId = open === undefined ? undefined : store.named(open.namespace ?? '', open.name)?.id;
  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex h-11 shrink-0 items-center gap-3 border-line border-b px-4">
          <h1 className="truncate font-semibold text-lg">{kind.title}</h1>
          <Count snapshot={snapshot} />
          <span className="min-w-0 flex-1">
            <Limits only={snapshot.only} />
          </span>
          <FilterField key={kind.id} store={store} snapshot={snapshot} />
        </div>
        <div className="relative min-h-0 flex-1">
          <DataGrid
            kind={kind}
            store={store}
            snapshot={snapshot}
            openId={openId}
            dimmed={lost !== undefined || snapshot.outdated}
            instead={insteadOfRows(contextId, view, kind, namespaces, snapshot)}
            hrefOf={hrefOf}
            onOpen={openRow}
          />
          {lost !== undefined && <LostBanner contextId={contextId} {...lost} />}
        </div>
      </div>
      {open !== undefined && (
        <DetailsDrawer contextId={contextId} kind={kind} object={open} tab={search.tab} onClose={close} />
      )}
    </div>
  );
}

function namespaceOf(row: Row): { namespace?: string } {
  return row.namespace === '' ? {} : { namespace: row.namespace };
}

function Count({ snapshot: { synced, problem, total, visible, filter } }: { snapshot: RowsSnapshot }) {
  if ((!synced && total === 0) || isWhole(problem)) return null;
  const all = total.toLocaleString('en');
  return (
    <span className="tabular pt-0.5 text-ink-faint" data-testid="count" role="status">
      {filter === '' ? all : `${visible.toLocaleString('en')} of ${all}`}
    </span>
  );
}

/** The rows are not all there are: a person who may read some namespaces only is told so. */
function Limits({ only }: { only: readonly string[] | undefined }) {
  if (only === undefined) return null;
  const where = only.length === 0 ? 'no namespace' : choiceText(only);
  return (
    <span
      className="flex min-w-0 items-center gap-1.5 text-sm text-warning-ink"
      title={`You may not list all namespaces at once. Those that you may read: ${only.join(', ') || 'none'}`}
      data-testid="limits"
    >
      <Lock className="size-3.5 shrink-0 text-warning" aria-hidden />
      <span className="truncate">Only {where} may be read</span>
    </span>
  );
}

/** True when there is nothing to show for it. */
function isWhole(problem: RowsProblem | undefined): problem is RowsProblem {
  return problem !== undefined && problem.type !== 'disconnected';
}

function useCloseDrawer(): () => void {
  const navigate = useNavigate({ from: '/c/$contextId/$kind' });
  return useCallback(() => {
    navigate({ search: {} }).catch((error: unknown) => console.error('the details could not be closed', error));
  }, [navigate]);
}

function closeCommand(close: () => void): Command {
  return { id: 'details.close', title: 'Close details', group: 'Object', keys: ['Escape'], run: close };
}

/** Since when rows that are shown are not live; undefined when they are, or when there are none. */
function lostSince(view: ConnectionView, snapshot: RowsSnapshot): { since: number; message: string } | undefined {
  if (!snapshot.synced) return undefined;
  const { state, lostSince: since } = view;
  if (state.state !== 'connected' && since !== undefined) {
    return { since, message: 'message' in state ? state.message : 'connecting again' };
  }
  const { problem } = snapshot;
  return problem?.type === 'disconnected' ? { since: problem.since, message: problem.message } : undefined;
}

/** What stands in place of rows: `loading`, a picture, or nothing when there are rows. */
function insteadOfRows(
  contextId: string,
  { state }: ConnectionView,
  kind: KindDefinition,
  namespaces: NamespaceChoice,
  { synced, problem, total, visible, filter }: RowsSnapshot,
): ReactNode {
  if (isWhole(problem)) return <ProblemPicture kind={kind} problem={problem} />;
  if (visible > 0) return undefined;
  if (!synced) {
    if (state.state === 'connected' || state.state === 'connecting') return 'loading';
    return <ConnectionPicture contextId={contextId} state={state} />;
  }
  if (total > 0) return <NoMatchPicture filter={filter} total={total} />;
  return <EmptyPicture kind={kind} namespaces={namespaces} />;
}

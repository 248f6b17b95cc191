import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { kinds } from '../../shared/kinds/index';
import type { NavigationGroup } from '../../shared/kinds/kind';
import { cx } from '../ui/cx';
import { kindIcon, overviewIcon as OverviewIcon } from './kind-icons';
import { usePlace } from './navigation';

const groups: readonly { readonly id: NavigationGroup; readonly title: string }[] = [
  { id: 'cluster', title: 'Cluster' },
  { id: 'workloads', title: 'Workloads' },
  { id: 'config', title: 'Config' },
  { id: 'network', title: 'Network' },
  { id: 'storage', title: 'Storage' },
  { id: 'access', title: 'Access' },
];

/** The name that tests and labs know an entry by: `nav.pods`, `nav.deployments`. */
function navigationId(kind: string): string {
  return `nav.${kind.split('.')[0]}`;
}

const entry =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-ink-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-ink';

/** The kinds by group. Without a cluster there is nothing to go to. */
export function Sidebar() {
  const { contextId } = usePlace();
  return (
    <nav aria-label="Kinds" className="min-h-0 overflow-y-auto px-2 pb-4">
      {contextId !== undefined && (
        <ul>
          <li>
            <Link
              to="/c/$contextId"
              params={{ contextId }}
              activeOptions={{ exact: true }}
              className={cx(entry, 'mt-1')}
              data-testid="nav.overview"
            >
              <OverviewIcon className="size-4 shrink-0" strokeWidth={1.75} aria-hidden />
              Overview
            </Link>
          </li>
          {groups.map((group) => (
            <Group key={group.id} title={group.title}>
              {kinds
                .filter((kind) => kind.group === group.id)
                .map((kind) => {
                  const Icon = kindIcon(kind.id);
                  return (
                    <li key={kind.id}>
                      <Link
                        to="/c/$contextId/$kind"
                        params={{ contextId, kind: kind.id }}
                        activeOptions={{ includeSearch: false }}
                        className={entry}
                        data-testid={navigationId(kind.id)}
                      >
                        <Icon className="size-4 shrink-0" strokeWidth={1.75} aria-hidden />
                        <span className="truncate">{kind.title}</span>
                      </Link>
                    </li>
                  );
                })}
            </Group>
          ))}
        </ul>
      )}
    </nav>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li>
      <h2 className="px-2 pt-3 pb-1 font-medium text-ink-faint text-xs">{title}</h2>
      <ul>{children}</ul>
    </li>
  );
}

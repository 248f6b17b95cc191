import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { ObjectReference } from '../../shared/contract/connection';
import { kindById } from '../../shared/kinds/index';

/** What stands behind the `?` of a list's address: the object in the drawer and its tab. */
export interface ListSearch {
  /** `namespace/name`, or `/name` for cluster-scoped objects. */
  readonly object?: string;
  readonly tab?: string;
}

export function parseListSearch(search: Record<string, unknown>): ListSearch {
  return {
    ...(typeof search.object === 'string' ? { object: search.object } : {}),
    ...(typeof search.tab === 'string' ? { tab: search.tab } : {}),
  };
}

/** An object as an address has it. */
export function objectAddress(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** @returns undefined for text that is no object's address */
export function parseObjectAddress(kind: string, address: string | undefined): ObjectReference | undefined {
  const at = address?.indexOf('/') ?? -1;
  if (address === undefined || at < 0 || at === address.length - 1) return undefined;
  const name = address.slice(at + 1);
  const namespaced = kindById(kind)?.resource.namespaced ?? at > 0;
  if (!namespaced) return { kind, name };
  return at === 0 ? undefined : { kind, name, namespace: address.slice(0, at) };
}

/** Where the window is: the context and the kind, when there are any. */
export function usePlace(): { contextId: string | undefined; kind: string | undefined; search: ListSearch } {
  const params: { contextId?: string; kind?: string } = useParams({ strict: false });
  const search: ListSearch = useSearch({ strict: false });
  return { contextId: params.contextId, kind: params.kind, search };
}

export interface Navigation {
  toCluster(contextId: string): void;
  toKind(contextId: string, kind: string): void;
  toObject(contextId: string, object: ObjectReference, tab?: string): void;
}

export function useNavigation(): Navigation {
  const navigate = useNavigate();
  return {
    toCluster: useCallback((contextId) => settle(navigate({ to: '/c/$contextId', params: { contextId } })), [navigate]),
    toKind: useCallback(
      (contextId, kind) => settle(navigate({ to: '/c/$contextId/$kind', params: { contextId, kind } })),
      [navigate],
    ),
    toObject: useCallback(
      (contextId, { kind, namespace, name }, tab) => {
        const search = { object: objectAddress(namespace, name), ...(tab === undefined ? {} : { tab }) };
        settle(navigate({ to: '/c/$contextId/$kind', params: { contextId, kind }, search }));
      },
      [navigate],
    ),
  };
}

function settle(navigation: Promise<void>): void {
  navigation.catch((error: unknown) => console.error('the page could not be opened', error));
}

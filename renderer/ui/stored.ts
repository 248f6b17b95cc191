import { useSyncExternalStore } from 'react';

/** A value that components read and change, kept between starts where a name is given. */
export interface Stored<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/**
 * @param name the key in the page's local storage
 * @param accepts whether what was stored (perhaps by an older version, perhaps by hand) is a value of this type
 */
export function stored<T>(name: string, initial: T, accepts: (value: unknown) => value is T): Stored<T> {
  const listeners = new Set<() => void>();
  let value = read(name, initial, accepts);
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(name, JSON.stringify(next));
      } catch (error) {
        // A full or forbidden storage costs the setting at the next start, nothing more.
        console.warn(`"${name}" could not be kept`, error);
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read<T>(name: string, initial: T, accepts: (value: unknown) => value is T): T {
  try {
    const text = localStorage.getItem(name);
    if (text === null) return initial;
    const value: unknown = JSON.parse(text);
    return accepts(value) ? value : initial;
  } catch (error) {
    console.warn(`the stored "${name}" cannot be read; the default is taken`, error);
    return initial;
  }
}

/** The value now, and again with each change. */
export function useStored<T>(store: Stored<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

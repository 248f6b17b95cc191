import { lazy, Suspense } from 'react';
import type { ObjectView } from '../app/use-object';
import { Waiting } from './waiting';

// The editor is large and seldom the first thing looked at.
const YamlView = lazy(() => import('../editor/yaml-view'));

/** The object as YAML, to read, fold, search and copy. */
export function YamlTab({ shown }: { shown: ObjectView }) {
  if (shown.last === undefined) return <Waiting />;
  return (
    <Suspense fallback={<Waiting />}>
      <YamlView text={shown.last.yaml} />
    </Suspense>
  );
}

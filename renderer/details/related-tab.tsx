import { Link2Off } from 'lucide-react';
import type { ObjectReference, RelatedObject } from '../../shared/contract/connection';
import { kindById } from '../../shared/kinds/index';
import { type OpenView, useRelated } from '../app/use-object';
import { cx } from '../ui/cx';
import { Picture } from '../ui/picture';
import { StatusGlyph, toneInk } from '../ui/status-glyph';
import { ObjectLink } from './object-link';
import { Section } from './parts';
import { Waiting } from './waiting';

interface RelatedTabProps {
  readonly contextId: string;
  readonly view: OpenView;
  readonly reference: ObjectReference;
}

/** Objects that have to do with this one, by what they are to it. */
export function RelatedTab({ contextId, view, reference }: RelatedTabProps) {
  const related = useRelated(contextId, view, reference);
  if (related === undefined) return <Waiting />;
  if (related.length === 0) return <Picture icon={Link2Off} title="Nothing else has to do with it" />;
  return (
    <div className="pb-4" data-testid="details.related">
      {[...byRole(related)].map(([role, objects]) => (
        <Section key={role} title={role} aside={objects.length > 1 ? objects.length : undefined}>
          <ul>
            {objects.map((object) => (
              <Line key={`${object.kind}/${object.namespace ?? ''}/${object.name}`} object={object} />
            ))}
          </ul>
        </Section>
      ))}
    </div>
  );
}

function Line({ object }: { object: RelatedObject }) {
  const { kind, namespace, name, health, label } = object;
  return (
    <li className="flex h-7 items-center gap-2">
      <StatusGlyph tone={health ?? 'warning'} />
      <ObjectLink kind={kind} namespace={namespace} name={name} className="min-w-0 truncate" />
      <span className="shrink-0 text-ink-faint text-sm">{kindById(kind)?.resource.kind ?? kind}</span>
      <span className={cx('ml-auto shrink-0 text-sm', health === undefined ? 'text-warning-ink' : toneInk[health])}>
        {health === undefined ? 'does not exist' : label}
      </span>
    </li>
  );
}

function byRole(related: readonly RelatedObject[]): Map<string, RelatedObject[]> {
  const found = new Map<string, RelatedObject[]>();
  for (const object of related) found.set(object.role, [...(found.get(object.role) ?? []), object]);
  return found;
}

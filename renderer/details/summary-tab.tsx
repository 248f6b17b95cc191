import type { KindDefinition } from '../../shared/kinds/kind';
import type { ObjectView } from '../app/use-object';
import { sectionsOf } from '../kinds/sections';
import { StatusGlyph } from '../ui/status-glyph';
import { Conditions } from './conditions';
import { MetadataSection } from './metadata-section';

interface SummaryTabProps {
  readonly kind: KindDefinition;
  readonly shown: ObjectView;
}

/** What an object is and how it does. */
export function SummaryTab({ kind, shown }: SummaryTabProps) {
  const object = shown.last?.object;
  if (object === undefined) return null;
  const health = kind.health(object);
  const Sections = sectionsOf(kind.id);
  return (
    <div className="pb-4" data-testid="details.summary">
      {health.message !== undefined && (
        <p className="flex items-start gap-2 border-line border-b bg-code px-4 py-2" data-selectable>
          <StatusGlyph tone={health.state} className="mt-1" />
          <span className="min-w-0 break-words">{health.message}</span>
        </p>
      )}
      {Sections !== undefined && <Sections object={object} />}
      <Conditions object={object} />
      <MetadataSection object={object} />
    </div>
  );
}

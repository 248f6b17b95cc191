import { X } from 'lucide-react';
import type { ObjectReference } from '../../shared/contract/connection';
import type { KindDefinition } from '../../shared/kinds/kind';
import { useConnection } from '../app/connections';
import { kindIcon } from '../app/kind-icons';
import { useNavigation } from '../app/navigation';
import { type ObjectView, type OpenView, useObject } from '../app/use-object';
import { IconButton } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { cx } from '../ui/cx';
import { SidePanel } from '../ui/side-panel';
import { StatusGlyph, toneInk } from '../ui/status-glyph';
import { Tabs } from '../ui/tabs';
import { EventsTab } from './events-tab';
import { RelatedTab } from './related-tab';
import { SummaryTab } from './summary-tab';
import { YamlTab } from './yaml-tab';

interface DetailsDrawerProps {
  readonly contextId: string;
  readonly kind: KindDefinition;
  readonly object: ObjectReference;
  readonly tab: string | undefined;
  onClose(): void;
}

/** One object beside the table, which stays live and in reach. */
export function DetailsDrawer(props: DetailsDrawerProps) {
  const { contextId, object, onClose } = props;
  const view = useConnection(contextId);
  const { client } = view;
  return (
    <SidePanel label={`Details of ${object.name}`} name="details-width" testId="details">
      {client === undefined ? (
        <Header {...props} shown={undefined} />
      ) : (
        <Details
          key={`${object.kind}/${object.namespace ?? ''}/${object.name}`}
          {...props}
          onClose={onClose}
          view={{ ...view, client }}
        />
      )}
    </SidePanel>
  );
}

function Details(props: DetailsDrawerProps & { view: OpenView }) {
  const { contextId, kind, object, tab, view } = props;
  const { toObject } = useNavigation();
  const shown = useObject(contextId, view, object);
  const common = { contextId, view, reference: object, kind };
  return (
    <>
      <Header {...props} shown={shown} />
      <Tabs
        current={tab ?? 'summary'}
        onChange={(next) => toObject(contextId, object, next)}
        tabs={[
          { id: 'summary', title: 'Summary', content: <SummaryTab {...common} shown={shown} /> },
          { id: 'related', title: 'Related', content: <RelatedTab {...common} /> },
          { id: 'events', title: 'Events', content: <EventsTab {...common} /> },
          { id: 'yaml', title: 'YAML', content: <YamlTab shown={shown} /> },
        ]}
      />
    </>
  );
}

function Header({ kind, object, onClose, shown }: DetailsDrawerProps & { shown: ObjectView | undefined }) {
  const Icon = kindIcon(kind.id);
  const health = shown?.last === undefined ? undefined : kind.health(shown.last.object);
  const where = object.namespace === undefined ? kind.resource.kind : `${kind.resource.kind} in ${object.namespace}`;
  return (
    <header className="shrink-0">
      <div className="flex h-11 items-center gap-2 pr-2 pl-4">
        <Icon className="size-4 shrink-0 text-ink-faint" aria-hidden />
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lg" title={object.name} data-selectable>
          {object.name}
        </h2>
        <CopyButton text={object.name} label="Copy name" />
        <IconButton label="Close details" onClick={onClose} data-testid="action.details.close">
          <X className="size-4" aria-hidden />
        </IconButton>
      </div>
      <div className="flex h-6 items-center gap-3 px-4 text-ink-soft text-sm">
        <span className="truncate">{where}</span>
        {health !== undefined && health.label !== '' && (
          <span className="flex items-center gap-1.5" data-testid="details.health" data-id={health.state}>
            <StatusGlyph tone={health.state} />
            <span className={cx('truncate', toneInk[health.state])}>{health.label}</span>
          </span>
        )}
      </div>
      <StaleNote shown={shown} />
    </header>
  );
}

/** What is shown is the last that was seen: say so. */
function StaleNote({ shown }: { shown: ObjectView | undefined }) {
  const { event, last } = shown ?? {};
  if (event === undefined || event.type === 'object') return <div className="h-2" />;
  const text = event.type === 'deleted' ? 'There is no such object' : event.message;
  return (
    <p role="alert" className="mt-2 bg-warning-soft px-4 py-1 text-sm" data-testid={`details.${event.type}`}>
      {text}
      {last !== undefined && (event.type === 'deleted' ? ' any more. This is how it was.' : '. This is how it was.')}
    </p>
  );
}

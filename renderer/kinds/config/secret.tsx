import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../../../shared/error-message';
import type { Secret } from '../../../shared/kubernetes/objects';
import { useConnection } from '../../app/connections';
import { usePlace } from '../../app/navigation';
import { Field, Fields, Section } from '../../details/parts';
import { Button } from '../../ui/button';
import { Entry, EntryValue } from './entry';

/** Keys only. A value comes when a person asks for it, and is forgotten when the drawer closes. */
export function SecretSections({ object: { type, data = {}, immutable, metadata } }: { object: Secret }) {
  const keys = Object.keys(data).sort();
  return (
    <>
      <Section title="Secret">
        <Fields>
          <Field name="Type">{type ?? 'Opaque'}</Field>
          <Field name="Immutable">{immutable && 'yes'}</Field>
        </Fields>
      </Section>
      <Section title="Data" aside={keys.length}>
        {keys.length === 0 && <p className="text-ink-soft">It holds nothing.</p>}
        {keys.map((key) => (
          <SecretEntry key={key} namespace={metadata.namespace ?? ''} name={metadata.name ?? ''} entry={key} />
        ))}
      </Section>
    </>
  );
}

interface SecretEntryProps {
  readonly namespace: string;
  readonly name: string;
  readonly entry: string;
}

type Shown = { readonly value: string; readonly encoding: 'text' | 'base64' } | { readonly problem: string };

function SecretEntry({ namespace, name, entry }: SecretEntryProps) {
  const { contextId = '' } = usePlace();
  const { client } = useConnection(contextId);
  const [shown, setShown] = useState<Shown | undefined>();
  const reveal = () => {
    client?.revealSecret({ namespace, name, key: entry }).then(setShown, (error: unknown) => {
      setShown({ problem: messageOf(error) });
    });
  };
  const Icon = shown === undefined ? Eye : EyeOff;
  return (
    <Entry
      name={entry}
      aside={
        <Button
          onClick={shown === undefined ? reveal : () => setShown(undefined)}
          disabled={client === undefined}
          data-testid={`action.reveal:${entry}`}
        >
          <Icon className="size-3.5" aria-hidden />
          {shown === undefined ? 'Reveal' : 'Hide'}
        </Button>
      }
    >
      {shown === undefined && <p className="font-mono text-ink-faint text-sm">••••••••</p>}
      {shown !== undefined && 'problem' in shown && <p className="text-error-ink">{shown.problem}</p>}
      {shown !== undefined && 'value' in shown && (
        <>
          {shown.encoding === 'base64' && <p className="text-ink-faint text-sm">Not text; as base64:</p>}
          <EntryValue text={shown.value} />
        </>
      )}
    </Entry>
  );
}

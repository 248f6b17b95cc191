import { ChevronRight } from 'lucide-react';
import { kindByApi } from '../../shared/kinds/index';
import type { KubeObject } from '../../shared/kubernetes/objects';
import { EntryValue } from '../kinds/config/entry';
import { Age } from '../table/age';
import { ObjectLink } from './object-link';
import { Field, Fields, Pairs, Section } from './parts';

/** Longer annotations are folded. */
const longest = 120;
/** What kubectl writes for itself. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What every object has. */
export function MetadataSection({ object: { metadata } }: { object: KubeObject }) {
  const { creationTimestamp, deletionTimestamp, finalizers, ownerReferences, namespace } = metadata;
  return (
    <Section title="Metadata">
      <Fields>
        <Field name="Created">
          {creationTimestamp !== undefined && (
            <>
              <Age time={Date.parse(creationTimestamp)} /> ago, {new Date(creationTimestamp).toLocaleString()}
            </>
          )}
        </Field>
        <Field name="Being deleted">
          {deletionTimestamp && `since ${new Date(deletionTimestamp).toLocaleString()}`}
        </Field>
        <Field name="Namespace">{namespace && <ObjectLink kind="namespaces" name={namespace} />}</Field>
        <Field name="Owner">
          {ownerReferences?.map((owner) => (
            <span key={owner.uid} className="block">
              {owner.kind}{' '}
              <ObjectLink
                kind={kindByApi(owner.apiVersion, owner.kind)?.id ?? owner.kind}
                namespace={namespace}
                name={owner.name}
              />
            </span>
          ))}
        </Field>
        <Field name="Labels">{hasAny(metadata.labels) && <Pairs pairs={metadata.labels} />}</Field>
        <Field name="Annotations">{hasAny(metadata.annotations) && <Annotations pairs={metadata.annotations} />}</Field>
        <Field name="Finalizers">{finalizers?.join(', ')}</Field>
        <Field name="UID">
          <span className="font-mono text-ink-soft text-sm">{metadata.uid}</span>
        </Field>
      </Fields>
    </Section>
  );
}

function hasAny(pairs: Readonly<Record<string, string>> | undefined): boolean {
  return Object.keys(pairs ?? {}).length > 0;
}

function Annotations({ pairs = {} }: { pairs: Readonly<Record<string, string>> | undefined }) {
  return (
    <ul className="flex flex-col gap-1">
      {Object.entries(pairs).map(([key, value]) => (
        <li key={key} className="min-w-0 text-sm leading-5">
          {value.length > longest || key === lastApplied ? (
            <details className="group">
              <summary className="flex list-none items-center gap-1 text-ink-faint hover:text-ink">
                <span className="min-w-0 break-all">{key}</span>
                <ChevronRight className="size-3.5 shrink-0 group-open:rotate-90" aria-hidden />
              </summary>
              <EntryValue text={readable(value)} />
            </details>
          ) : (
            <>
              <span className="block break-all text-ink-faint">{key}</span>
              <span className="block break-all">{value}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** JSON on lines of its own, as people read it; other text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

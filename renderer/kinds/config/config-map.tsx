import type { ConfigMap } from '../../../shared/kubernetes/objects';
import { Section } from '../../details/parts';
import { Entry, EntryValue } from './entry';

export function ConfigMapSections({ object: { data = {}, binaryData = {} } }: { object: ConfigMap }) {
  const keys = Object.keys(data).sort();
  const binaryKeys = Object.keys(binaryData).sort();
  return (
    <Section title="Data" aside={keys.length + binaryKeys.length}>
      {keys.length + binaryKeys.length === 0 && <p className="text-ink-soft">It holds nothing.</p>}
      {keys.map((key) => (
        <Entry key={key} name={key}>
          <EntryValue text={data[key] ?? ''} />
        </Entry>
      ))}
      {binaryKeys.map((key) => (
        <Entry key={key} name={key}>
          <p className="text-ink-faint">Binary, {Math.floor(((binaryData[key] ?? '').length * 3) / 4)} bytes</p>
        </Entry>
      ))}
    </Section>
  );
}

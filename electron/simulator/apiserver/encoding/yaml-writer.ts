import { stringify } from 'yaml';

const DIGITS = /^[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)$/;

/** A JSON value as sigs.k8s.io/yaml writes it: keys in order, lists not indented, times and the like in quotes. */
export function writeYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    schema: 'yaml-1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // A dot alone is a text to go-yaml, and a number to the library.
    customTags: (tags) =>
      tags.map((tag) =>
        typeof tag !== 'string' && tag.default && tag.test?.test('.') ? { ...tag, test: DIGITS } : tag,
      ),
  });
}

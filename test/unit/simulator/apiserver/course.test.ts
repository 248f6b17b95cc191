import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { decode } from '../../../../electron/simulator/apiserver/schema';
import { definitionOf, problemsOf, type Sketch } from './kinds';

const folder = join(import.meta.dirname, '../../../../assets/manifests/course');

describe('the course’s manifests', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s is accepted', (name) => {
    for (const document of parseAllDocuments(readFileSync(join(folder, name), 'utf8'))) {
      const object = document.toJS() as Sketch;
      const { resource } = definitionOf(String(object.kind));
      expect(decode(resource, object).problems).toEqual([]);
      expect(problemsOf(resource.kind, object)).toEqual([]);
    }
  });
});

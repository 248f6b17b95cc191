/**
 * facts.json: what a real API server's OpenAPI v3 says of each definition and the models do not, as a JSON merge patch
 * (RFC 7396) upon what they do: list types and their keys, merge keys, defaults, enums, what Go embeds by value, and what
 * the models have from a later version. One line a definition; its names are all there is. Written by
 * scripts/record-openapi.mjs.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelOf, modelSchema } from './models.mjs';

export const FACTS = join(dirname(fileURLToPath(import.meta.url)), 'facts.json');

/** By definition; in the order of names. */
export async function readFacts() {
  return new Map(Object.entries(JSON.parse(await readFile(FACTS, 'utf8'))));
}

/** What the models say of each of some definitions: `undefined` where they say nothing. */
export async function fromModels(names) {
  const definitions = new Map(names.map((name) => [modelOf(name), name]));
  // A model that stands for none of them is of a later version; the facts take away who refers to it.
  const nameOf = (model) => definitions.get(model) ?? model;
  return new Map(await Promise.all(names.map(async (name) => [name, await modelSchema(name, nameOf)])));
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Applies a JSON merge patch. */
export function merged(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** The JSON merge patch that makes one value of another; `undefined` when they are equal. */
export function difference(from, to) {
  if (!isObject(from) || !isObject(to)) return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  const patch = {};
  for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    const value = key in to ? difference(from[key], to[key]) : null;
    if (value !== undefined) patch[key] = value;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

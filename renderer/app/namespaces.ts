import { useMemo } from 'react';
import { type Stored, stored, useStored } from '../ui/stored';

/** The chosen namespaces; none means all. */
export type NamespaceChoice = readonly string[];

/** The most that may be chosen one by one, as the contract has it. */
export const mostNamespaces = 100;

const choices = new Map<string, Stored<NamespaceChoice>>();

function isChoice(value: unknown): value is NamespaceChoice {
  return Array.isArray(value) && value.length <= mostNamespaces && value.every((name) => typeof name === 'string');
}

/** A context's choice, kept between starts. */
export function namespaceChoice(contextId: string): Stored<NamespaceChoice> {
  const known = choices.get(contextId);
  if (known !== undefined) return known;
  const choice = stored<NamespaceChoice>(`namespaces:${contextId}`, [], isChoice);
  choices.set(contextId, choice);
  return choice;
}

export function useNamespaceChoice(contextId: string): NamespaceChoice {
  return useStored(useMemo(() => namespaceChoice(contextId), [contextId]));
}

/** Adds the namespace to the choice or takes it out. When nothing is left, all are meant again. */
export function toggleNamespace(choice: NamespaceChoice, name: string): NamespaceChoice {
  if (choice.includes(name)) return choice.filter((other) => other !== name);
  return choice.length >= mostNamespaces ? choice : [...choice, name].sort();
}

/** `All namespaces`, `default`, `default, kube-system`, `default and 4 more`. */
export function choiceText(choice: NamespaceChoice): string {
  const [first, second] = choice;
  if (first === undefined) return 'All namespaces';
  if (second === undefined) return first;
  return choice.length === 2 ? `${first}, ${second}` : `${first} and ${choice.length - 1} more`;
}

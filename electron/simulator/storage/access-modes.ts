/** The modes in which only one node can have a volume. */
const ONE_NODE = ['ReadWriteOnce', 'ReadWriteOncePod'];

/** Whether these access modes, as a claim or a volume has them, are for one node at a time. */
export function isForOneNode(modes: readonly string[] = []): boolean {
  return modes.every((mode) => ONE_NODE.includes(mode));
}

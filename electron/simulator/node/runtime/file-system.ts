/** A regular file. Its content is text that can hold any bytes (bytes.ts). */
export interface FileNode {
  readonly type: 'file';
  content: string;
  mode: number;
  uid: number;
  gid: number;
  modified: number;
  /** Where a write goes instead of `content`, for devices. */
  readonly write?: (text: string) => void;
}

export interface DirectoryNode {
  readonly type: 'directory';
  readonly entries: Map<string, FileSystemNode>;
  mode: number;
  uid: number;
  gid: number;
  modified: number;
}

export type FileSystemNode = FileNode | DirectoryNode;

/** Whom files are made and opened as. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

const ROOT: Credentials = { uid: 0, gid: 0, groups: [] };
const SET_GROUP = 0o2000;

/** The largest file, in units of text: memory is one process's, and a string has a bound. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** A failed system call; the message is what `strerror` says. */
export class FileSystemError extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = 'FileSystemError';
    this.path = path;
  }
}

/** @param now cluster time in milliseconds. */
export function directory(now: number, mode = 0o755): DirectoryNode {
  return { type: 'directory', entries: new Map(), mode, uid: 0, gid: 0, modified: now };
}

/** @param now cluster time in milliseconds. */
export function file(content: string, now: number, mode = 0o644): FileNode {
  return { type: 'file', content, mode, uid: 0, gid: 0, modified: now };
}

/** `path` as an absolute path without `.`, `..` and doubled slashes. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/**
 * A container's files, in memory. A volume is a directory node that stands in the trees of several containers at once, so
 * that what one writes the other reads. All paths are absolute and resolved.
 */
export class FileSystem {
  readonly #root: DirectoryNode;
  readonly #now: () => number;
  readonly #readOnly: { path: string; readOnly: boolean }[] = [];
  readonly #user: Credentials;

  /** @param readOnlyRoot whether writes outside of mounts are refused. */
  constructor(now: () => number, user: Credentials = ROOT, readOnlyRoot = false) {
    this.#now = now;
    this.#user = user;
    this.#root = directory(now());
    if (readOnlyRoot) this.#readOnly.push({ path: '/', readOnly: true });
  }

  /** Puts a volume's node at `path`, hiding what was there. */
  mount(path: string, node: FileSystemNode, readOnly: boolean): void {
    const { parent, name } = this.#parentOf(path, true);
    parent.entries.set(name, node);
    this.#readOnly.push({ path, readOnly });
  }

  /** Puts a file of the image in place, whatever the mounts say. */
  provide(path: string, content: string, mode = 0o644): void {
    const { parent, name } = this.#parentOf(path, true);
    parent.entries.set(name, file(content, this.#now(), mode));
  }

  /** Puts a device in place: what is written to it goes to `write`. */
  provideDevice(path: string, write: (text: string) => void): void {
    const { parent, name } = this.#parentOf(path, true);
    parent.entries.set(name, { ...file('', this.#now(), 0o666), write });
  }

  /** Makes sure that a directory of the image is there. */
  provideDirectory(path: string, mode = 0o755): void {
    const { parent, name } = this.#parentOf(path, true);
    if (!parent.entries.has(name)) parent.entries.set(name, directory(this.#now(), mode));
  }

  lookup(path: string): FileSystemNode | undefined {
    let node: FileSystemNode = this.#root;
    for (const part of path.split('/')) {
      if (part === '') continue;
      if (node.type !== 'directory') return undefined;
      const next: FileSystemNode | undefined = node.entries.get(part);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  /** @throws FileSystemError */
  read(path: string): string {
    const node = this.lookup(path);
    if (node === undefined) throw new FileSystemError(path, 'No such file or directory');
    if (node.type === 'directory') throw new FileSystemError(path, 'Is a directory');
    this.#checkAccess(path, node, 0o4);
    return node.content;
  }

  /** @throws FileSystemError */
  write(path: string, text: string, append = false): void {
    const { parent, name } = this.#parentOf(path, false);
    const present = parent.entries.get(name);
    if (present?.type === 'directory') throw new FileSystemError(path, 'Is a directory');
    if (present?.write !== undefined) {
      present.write(text);
      return;
    }
    this.#checkWritable(path);
    this.checkSize(path, text.length + (append ? (present?.content.length ?? 0) : 0));
    if (present === undefined) {
      this.#create(path, parent, name, file(text, this.#now()));
      return;
    }
    this.#checkAccess(path, present, 0o2);
    present.content = append ? present.content + text : text;
    present.modified = this.#now();
  }

  /** @param size in bytes or units of text. @throws FileSystemError when no file can be as large. */
  checkSize(path: string, size: number): void {
    if (size > LARGEST_FILE) throw new FileSystemError(path, 'File too large');
  }

  /** Creates an empty file or renews the time of the one that is there. @throws FileSystemError */
  touch(path: string): void {
    this.#checkWritable(path);
    const node = this.lookup(path);
    if (node === undefined) this.write(path, '');
    else node.modified = this.#now();
  }

  /** @throws FileSystemError */
  makeDirectory(path: string, parents: boolean): void {
    this.#checkWritable(path);
    const present = this.lookup(path);
    if (present !== undefined) {
      if (parents && present.type === 'directory') return;
      throw new FileSystemError(path, 'File exists');
    }
    const above = path.slice(0, path.lastIndexOf('/'));
    if (parents && above !== '') this.makeDirectory(above, true);
    const { parent, name } = this.#parentOf(path, false);
    this.#create(path, parent, name, directory(this.#now()));
  }

  /** Puts a node that exists elsewhere (or a copy of one) at `path`. @throws FileSystemError */
  place(path: string, node: FileSystemNode): void {
    this.#checkWritable(path);
    const { parent, name } = this.#parentOf(path, false);
    this.#create(path, parent, name, node);
  }

  /** @throws FileSystemError */
  remove(path: string, recursive: boolean): void {
    const node = this.lookup(path);
    if (node === undefined) throw new FileSystemError(path, 'No such file or directory');
    if (node.type === 'directory' && !recursive) throw new FileSystemError(path, 'Is a directory');
    this.#checkWritable(path);
    if (this.#readOnly.some((mount) => mount.path === path)) {
      throw new FileSystemError(path, 'Device or resource busy');
    }
    const { parent, name } = this.#parentOf(path, false);
    this.#checkAccess(path, parent, 0o2);
    parent.entries.delete(name);
  }

  /** Adds an entry as the user: in a directory with the set-group bit it gets the directory's group. */
  #create(path: string, parent: DirectoryNode, name: string, node: FileSystemNode): void {
    this.#checkAccess(path, parent, 0o2);
    const inherits = (parent.mode & SET_GROUP) !== 0;
    node.uid = this.#user.uid;
    node.gid = inherits ? parent.gid : this.#user.gid;
    if (inherits && node.type === 'directory') node.mode |= SET_GROUP;
    parent.entries.set(name, node);
  }

  /** @param wanted 4 to read, 2 to write. */
  #checkAccess(path: string, node: FileSystemNode, wanted: number): void {
    const { uid, gid, groups } = this.#user;
    if (uid === 0) return;
    const shift = node.uid === uid ? 6 : node.gid === gid || groups.includes(node.gid) ? 3 : 0;
    if (((node.mode >> shift) & wanted) === 0) throw new FileSystemError(path, 'Permission denied');
  }

  #checkWritable(path: string): void {
    let longest = -1;
    let readOnly = false;
    for (const mount of this.#readOnly) {
      const inside = mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`);
      if (inside && mount.path.length > longest) {
        longest = mount.path.length;
        readOnly = mount.readOnly;
      }
    }
    if (readOnly) throw new FileSystemError(path, 'Read-only file system');
  }

  #parentOf(path: string, create: boolean): { parent: DirectoryNode; name: string } {
    const parts = path.split('/').filter((part) => part !== '');
    const name = parts.pop() ?? '.';
    let parent = this.#root;
    for (const part of parts) {
      let next = parent.entries.get(part);
      if (next === undefined && create) {
        next = directory(this.#now());
        parent.entries.set(part, next);
      }
      if (next === undefined) throw new FileSystemError(path, 'No such file or directory');
      if (next.type !== 'directory') throw new FileSystemError(path, 'Not a directory');
      parent = next;
    }
    return name === '.' ? { parent: directory(this.#now()), name } : { parent, name };
  }
}

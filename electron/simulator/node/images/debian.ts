import { debianPrograms } from '../commands';
import { type Image, versionTags } from './image';

function linux(name: string, size: number, words: readonly string[], pretty: string): Image {
  const isVersion = versionTags();
  return {
    repository: `docker.io/library/${name}`,
    hasTag: (tag) => words.includes(tag) || isVersion(tag),
    size,
    command: ['bash'],
    programs: debianPrograms,
    files: { '/etc/os-release': `PRETTY_NAME="${pretty}"\nID=${name}\n` },
  };
}

export const debian = linux(
  'debian',
  49_286_520,
  ['bookworm', 'bookworm-slim', 'trixie', 'trixie-slim', 'bullseye', 'bullseye-slim', 'stable-slim', 'sid'],
  'Debian GNU/Linux 13 (trixie)',
);

export const ubuntu = linux('ubuntu', 29_725_418, ['jammy', 'noble', 'focal', 'rolling'], 'Ubuntu 24.04.3 LTS');

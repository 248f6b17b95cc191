import { debianPrograms } from '../commands';
import type { Process } from '../runtime/process';
import { type Image, versionTags } from './image';
import { server } from './server';

function line(process: Process, text: string): string {
  const date = new Date(process.container.clock.now());
  const month = date.toUTCString().slice(8, 11);
  return `1:M ${date.toISOString().slice(8, 10)} ${month} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 23)} * ${text}`;
}

const run = server({
  startup: 100,
  ports: [{ port: 6379 }],
  banner: (process) => [
    line(process, 'Running mode=standalone, port=6379.').replace('*', '#'),
    line(process, 'Server initialized'),
    line(process, 'Ready to accept connections tcp'),
  ],
  goodbye: (process) => [
    line(process, 'User requested shutdown...').replace('*', '#'),
    line(process, 'Redis is now ready to exit, bye bye...').replace('*', '#'),
  ],
});

const isVersion = versionTags();

export const redis: Image = {
  repository: 'docker.io/library/redis',
  hasTag: (tag) => tag === 'alpine' || isVersion(tag),
  size: 45_006_722,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  workingDirectory: '/data',
  programs: {
    ...debianPrograms,
    '/usr/local/bin/docker-entrypoint.sh': (process) => {
      const { stdin, stdout, stderr, cwd, environment, pid } = process;
      return process.container.spawn(process.arguments, { stdin, stdout, stderr, cwd, environment, pid }).exited;
    },
    '/usr/local/bin/redis-server': run,
    '/usr/local/bin/redis-cli': async (process) => {
      if (!process.container.config.sandbox.listeners.has(6379)) {
        await process.stderr.write('Could not connect to Redis at 127.0.0.1:6379: Connection refused\n');
        return 1;
      }
      if (process.arguments.at(-1)?.toLowerCase() === 'ping') await process.print('PONG\n');
      return 0;
    },
  },
};

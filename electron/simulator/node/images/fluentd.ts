import { debianPrograms } from '../commands';
import type { Process } from '../runtime/process';
import { type Image, versionTags } from './image';
import { server } from './server';

const line = (process: Process, text: string) =>
  `${new Date(process.container.clock.now()).toISOString().slice(0, 19).replace('T', ' ')} +0000 [info]: ${text}`;

const run = server({
  startup: 900,
  ports: [{ port: 24_224 }, { port: 24_231 }],
  banner: (process) => [
    line(process, 'parsing config file is succeeded path="/etc/fluent/fluent.conf"'),
    line(process, `starting fluentd-1.11.2 pid=${process.pid} ruby="2.6.6"`),
    line(process, '#0 starting fluentd worker pid=10 ppid=1 worker=0'),
    line(process, '#0 fluentd worker is now running worker=0'),
  ],
  goodbye: (process) => [line(process, 'Received graceful stop'), line(process, 'Worker 0 finished with status 0')],
  shutdown: 600,
});

function fluentdImage(repository: string, size: number): Image {
  const isVersion = versionTags();
  return {
    repository,
    hasTag: (tag) => tag === 'edge' || isVersion(tag),
    size,
    entrypoint: ['/entrypoint.sh'],
    programs: { ...debianPrograms, '/entrypoint.sh': run, '/usr/local/bin/fluentd': run },
    files: { '/etc/fluent/fluent.conf': '@include config.d/*.conf\n' },
  };
}

export const fluentdElasticsearch = fluentdImage('quay.io/fluentd_elasticsearch/fluentd', 87_210_344);
export const fluentd = fluentdImage('docker.io/fluent/fluentd', 17_930_112);

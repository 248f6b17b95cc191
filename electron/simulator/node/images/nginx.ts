import { debianPrograms } from '../commands';
import type { Process } from '../runtime/process';
import type { Image } from './image';
import { accessLogTime, server } from './server';

/** The heading is what people look for; the words below it are ours. */
const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This web server runs in a simulated container. Mount files of your own over /usr/share/nginx/html to serve them.</p>
</body>
</html>
`;

function versionOf(process: Process): string {
  return /^\d+\.\d+(\.\d+)?/.exec(process.container.config.tag)?.[0] ?? '1.29.4';
}

const noticeTime = (process: Process) =>
  new Date(process.container.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replace(/-/g, '/');

/** Releases up to 1.19 say nothing as they start. */
function banner(process: Process): string[] {
  const version = versionOf(process);
  if (Number(version.split('.')[1] ?? 29) < 19) return [];
  const notice = (text: string) => `${noticeTime(process)} [notice] 1#1: ${text}`;
  return [
    '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
    '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
    '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    notice('using the "epoll" event method'),
    notice(`nginx/${version}`),
    notice('OS: Linux 6.1.0-porthole'),
    notice('start worker processes'),
  ];
}

const errorPage = (status: string, version: string) =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`;

const serve = server({
  ports: [{ port: 80 }],
  banner,
  http(request, process, log) {
    const path = request.path.split('?')[0] ?? '/';
    const root = '/usr/share/nginx/html';
    const node = process.container.files.lookup(`${root}${path.endsWith('/') ? `${path}index.html` : path}`);
    const version = versionOf(process);
    const found = node?.type === 'file';
    const status = found ? 200 : path.endsWith('/') ? 403 : 404;
    const body = found ? node.content : errorPage(status === 403 ? '403 Forbidden' : '404 Not Found', version);
    const agent = request.headers['user-agent'] ?? '-';
    const time = accessLogTime(process.container.clock.now());
    log(
      `${request.remoteAddress} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length} "-" "${agent}" "-"`,
    );
    return { status, headers: { server: `nginx/${version}`, 'content-type': 'text/html' }, body };
  },
  goodbye: (process, signal) =>
    banner(process).length === 0
      ? []
      : [
          `${noticeTime(process)} [notice] 1#1: signal ${signal === 'SIGQUIT' ? '3 (SIGQUIT) received, shutting down' : '15 (SIGTERM) received, exiting'}`,
        ],
});

const TAGS =
  /^(latest|stable|mainline|alpine|perl|bookworm|trixie|(stable-|mainline-)?alpine(-slim)?|1(\.(\d|1\d|2\d)(\.\d{1,2})?)?(-(alpine(-slim)?|perl|bookworm|trixie|bullseye))?)$/;

export const nginx: Image = {
  repository: 'docker.io/library/nginx',
  hasTag: (tag) => TAGS.test(tag),
  size: 59_772_801,
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  environment: { NGINX_VERSION: '1.29.4' },
  programs: {
    ...debianPrograms,
    '/docker-entrypoint.sh': async (process) => {
      // The script ends with exec: the command takes its process number.
      const { stdin, stdout, stderr, cwd, environment, pid } = process;
      return process.container.spawn(process.arguments, { stdin, stdout, stderr, cwd, environment, pid }).exited;
    },
    '/usr/sbin/nginx': (process) => {
      if (process.arguments.includes('-v')) {
        process.stderr.write(`nginx version: nginx/${versionOf(process)}\n`);
        return 0;
      }
      if (process.arguments.includes('-t')) {
        process.stderr.write('nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n');
        process.stderr.write('nginx: configuration file /etc/nginx/nginx.conf test is successful\n');
        return 0;
      }
      return serve(process);
    },
  },
  files: {
    '/usr/share/nginx/html/index.html': WELCOME,
    '/usr/share/nginx/html/50x.html': WELCOME,
    '/etc/nginx/nginx.conf': 'worker_processes  auto;\nevents {\n    worker_connections  1024;\n}\n',
    '/etc/nginx/conf.d/default.conf': 'server {\n    listen       80;\n    server_name  localhost;\n}\n',
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nID=debian\n',
    '/var/log/nginx/': '',
  },
};

import { debianPrograms } from '../commands';
import { type Image, versionTags } from './image';
import { accessLogTime, server } from './server';

const isVersion = versionTags();
const PAGE = '<html><body><h1>It works!</h1></body></html>\n';

const run = server({
  startup: 100,
  ports: [{ port: 80 }],
  bannerTo: 'stderr',
  banner: ({ container }) => [
    `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${container.config.sandbox.ip}. Set the 'ServerName' directive globally to suppress this message`,
    `[${new Date(container.clock.now()).toUTCString()}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'`,
  ],
  http(request, process, log) {
    const path = request.path.split('?')[0] ?? '/';
    const node = process.container.files.lookup(
      `/usr/local/apache2/htdocs${path.endsWith('/') ? `${path}index.html` : path}`,
    );
    const [status, body] = node?.type === 'file' ? [200, node.content] : [404, '<h1>Not Found</h1>\n'];
    const time = accessLogTime(process.container.clock.now());
    log(`${request.remoteAddress} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length}`);
    return { status, headers: { server: 'Apache', 'content-type': 'text/html' }, body };
  },
});

export const httpd: Image = {
  repository: 'docker.io/library/httpd',
  hasTag: (tag) => tag === 'alpine' || isVersion(tag),
  size: 45_233_541,
  command: ['httpd-foreground'],
  workingDirectory: '/usr/local/apache2',
  programs: { ...debianPrograms, '/usr/local/bin/httpd-foreground': run },
  files: { '/usr/local/apache2/htdocs/index.html': PAGE },
};

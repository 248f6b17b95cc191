import type { KeyPair } from './certificates';
import { writePrivateFile } from './private-file';

export interface KubeconfigEntry {
  /** The context's, the cluster's and the user's name: `porthole-course`. */
  readonly name: string;
  /** `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly client: KeyPair;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig of one context. JSON, which is YAML as well. */
function kubeconfigText({ name, server, certificateAuthority, client }: KubeconfigEntry): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(certificateAuthority) } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    users: [
      {
        name,
        user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) },
      },
    ],
    preferences: {},
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes it as a file of its own, for its owner only, replacing what stood there. */
export function writeKubeconfig(file: string, entry: KubeconfigEntry): void {
  writePrivateFile(file, kubeconfigText(entry));
}

/** Where links in the app may lead. What is not listed does not open, whatever a cluster's objects say. */
const documentation = ['kubernetes.io', 'github.com', 'helm.sh', 'gateway-api.sigs.k8s.io'];

/** A page of the projects that the app refers to, over HTTPS. */
export function isDocumentation(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  const known = documentation.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  return url.protocol === 'https:' && known && url.username === '' && url.port === '';
}

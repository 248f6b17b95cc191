/** As the platform's usual shell has it, whatever the path contains. */
export function kubeconfigLine(file: string, platform: string): string {
  if (platform === 'win32') return `$env:KUBECONFIG = '${file.replaceAll("'", "''")}'`;
  return `export KUBECONFIG='${file.replaceAll("'", String.raw`'\''`)}'`;
}

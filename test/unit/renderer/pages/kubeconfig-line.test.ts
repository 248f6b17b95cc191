import { expect, test } from 'vitest';
import { kubeconfigLine } from '../../../../renderer/pages/overview/kubeconfig-line';

test('the line survives spaces and quotes in a path, in each shell', () => {
  expect(kubeconfigLine('/home/ann/kube config', 'linux')).toBe("export KUBECONFIG='/home/ann/kube config'");
  expect(kubeconfigLine("/home/o'hara/config", 'darwin')).toBe("export KUBECONFIG='/home/o'\\''hara/config'");
  expect(kubeconfigLine("C:\\Users\\o'hara\\config", 'win32')).toBe("$env:KUBECONFIG = 'C:\\Users\\o''hara\\config'");
});

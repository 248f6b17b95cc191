import { expect, test } from 'vitest';
import { isDocumentation } from '../../../electron/desktop/links';

test.each([
  'https://kubernetes.io/docs/concepts/workloads/pods/',
  'https://github.com/kubernetes/kubernetes/issues/1',
  'https://gateway-api.sigs.k8s.io/',
])('%s may open', (url) => {
  expect(isDocumentation(url)).toBe(true);
});

test.each([
  'http://kubernetes.io/docs/',
  'https://kubernetes.io.evil.example/',
  'https://evilkubernetes.io/',
  'https://ann:secret@kubernetes.io/',
  'https://kubernetes.io:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'not a url',
])('%s may not', (url) => {
  expect(isDocumentation(url)).toBe(false);
});

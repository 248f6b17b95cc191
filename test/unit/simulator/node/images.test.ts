import { describe, expect, it } from 'vitest';
import { imageOf } from '../../../../electron/simulator/node/images';
import { piDigits } from '../../../../electron/simulator/node/images/perl';
import { parseImageReference } from '../../../../electron/simulator/node/images/reference';

describe('π', () => {
  it.each([
    [1, '3'],
    [2, '3.1'],
    [5, '3.1416'],
    [10, '3.141592654'],
    [30, '3.14159265358979323846264338328'],
  ])('to %i digits', (digits, text) => {
    expect(piDigits(digits)).toBe(text);
  });

  it('to the two thousand of the documentation', () => {
    expect(piDigits(2000)).toMatch(/908658326459958133904780275901$/);
  });
});

/** github.com/distribution/reference, normalize_test.go */
describe('an image’s name', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.14.2', 'docker.io/library/nginx:1.14.2'],
    ['curlimages/curl', 'docker.io/curlimages/curl:latest'],
    ['registry.k8s.io/pause:3.10.1', 'registry.k8s.io/pause:3.10.1'],
    ['localhost/app', 'localhost/app:latest'],
    ['registry.example:5000/team/app:v1', 'registry.example:5000/team/app:v1'],
  ])('%s', (name, full) => {
    expect(parseImageReference(name)?.full).toBe(full);
  });

  it.each(['Nginx', 'nginx:', 'a//b', 'nginx:tag:tag', ''])('refuses %j', (name) => {
    expect(parseImageReference(name)).toBeUndefined();
  });
});

describe('the catalogue', () => {
  it.each([
    ['docker.io/library/nginx', ['latest', '1.14.2', '1.29-alpine', 'stable'], ['1.99', '2', 'v1.14', 'oldest']],
    ['docker.io/library/busybox', ['latest', '1.28', '1.37.0'], ['1.99', 'alpine']],
    ['docker.io/library/perl', ['5.34.0', 'latest'], ['five']],
    ['registry.k8s.io/pause', ['2.0', '3.10.1'], ['4.0']],
    ['quay.io/fluentd_elasticsearch/fluentd', ['v2.5.2'], ['nightly']],
  ])('knows the tags of %s', (repository, known, unknown) => {
    const image = imageOf(repository);
    expect(known.filter((tag) => image?.hasTag(tag) !== true)).toEqual([]);
    expect(unknown.filter((tag) => image?.hasTag(tag) !== false)).toEqual([]);
  });

  it('has nothing else', () => {
    expect(imageOf('docker.io/library/nginz')).toBeUndefined();
  });
});

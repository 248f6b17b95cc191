import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../../electron/simulator/command-line';

describe('parseCommandLine', () => {
  it('starts the course when nothing is said', () => {
    expect(parseCommandLine([])).toEqual({ preset: 'course', ephemeral: false });
  });

  it('reads every option', () => {
    const args = '--preset empty --port 6443 --kubeconfig k.yaml --data d --seed 7 --speed 0.5'.split(' ');
    expect(parseCommandLine(args)).toEqual({
      preset: 'empty',
      port: 6443,
      kubeconfig: 'k.yaml',
      data: 'd',
      ephemeral: false,
      seed: 7,
      speed: 0.5,
    });
    expect(parseCommandLine(['--port=0', '--ephemeral'])).toEqual({ preset: 'course', port: 0, ephemeral: true });
  });

  it("reads kube-apiserver's flags", () => {
    const args = [
      '--disable=scheduler,kubelet',
      '--disable=job-controller',
      '--token-auth-file=tokens.csv',
      '--client-ca-file=ca.crt',
      '--service-cluster-ip-range=10.0.0.0/16',
      '--authorization-mode=RBAC,AlwaysAllow',
      '--enable-admission-plugins=AlwaysPullImages',
      '--disable-admission-plugins=ServiceAccount,LimitRanger',
      '--audit-log-path=audit.log',
      '--audit-log-maxsize=5',
    ];
    expect(parseCommandLine(args)).toEqual({
      preset: 'course',
      ephemeral: false,
      disable: ['scheduler', 'kubelet', 'job-controller'],
      apiServer: {
        tokenAuthFile: 'tokens.csv',
        clientCaFile: 'ca.crt',
        serviceClusterIpRange: '10.0.0.0/16',
        authorizationModes: ['RBAC', 'AlwaysAllow'],
        admissionPlugins: { enable: ['AlwaysPullImages'], disable: ['ServiceAccount', 'LimitRanger'] },
        auditLog: { path: 'audit.log', maxSize: 5, maxBackup: 1 },
      },
    });
  });

  it('gives help', () => {
    expect(parseCommandLine(['--help'])).toBe('help');
  });

  it.each([
    ['--port 65536', '--port needs a whole number from 0 to 65535, not "65536"'],
    ['--port x', '--port needs a whole number from 0 to 65535, not "x"'],
    ['--port=', '--port needs a whole number from 0 to 65535, not ""'],
    ['--seed 1.5', '--seed needs a whole number from 0 to 4294967295, not "1.5"'],
    ['--speed 0', '--speed needs a number above 0, not "0"'],
    ['--speed fast', '--speed needs a number above 0, not "fast"'],
    ['--speed=-1', '--speed needs a number above 0, not "-1"'],
    ['--preset big', '--preset: there is no preset "big": choose one of course, empty'],
    ['--data d --ephemeral', '--data and --ephemeral exclude each other'],
    ['--data=', '--data needs a path'],
    ['--authorization-mode=ABAC', 'authorization-mode "ABAC" is not a valid mode: choose from Node, RBAC'],
    ['--authorization-mode=RBAC,RBAC', 'authorization-mode ["RBAC" "RBAC"] has mode specified more than once'],
    ['--feature-gates=MutatingAdmissionPolicy', 'missing bool value for MutatingAdmissionPolicy'],
    [
      '--feature-gates=MutatingAdmissionPolicy=maybe',
      'invalid value of MutatingAdmissionPolicy=maybe, err: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ['--feature-gates=Foo=true', 'unrecognized feature gate: Foo'],
    ['--runtime-config=foo=true', 'runtime-config invalid key foo'],
    ['--runtime-config=foo/v1=true', 'unknown api groups foo'],
    ['--runtime-config=apps/v9=true', 'group version apps/v9 that has not been registered'],
    [
      '--runtime-config=apps/v1=no',
      'invalid value of apps/v1: no, err: strconv.ParseBool: parsing "no": invalid syntax',
    ],
    ['--runtime-config=api/beta=1', 'invalid value api/beta=1'],
    ['--runtime-config=api/all=false', 'invalid key with only api/all=false'],
    ['--token-auth-file=', '--token-auth-file needs a path'],
    ['--audit-log-maxsize=big', '--audit-log-maxsize needs a whole number from 0 to 1000000, not "big"'],
    ['--colour', "Unknown option '--colour'"],
    ['--port', "Option '--port <value>' argument missing"],
    ['course', "Unexpected argument 'course'"],
  ])('says what is wrong with %s', (line, message) => {
    expect(() => parseCommandLine(line.split(' '))).toThrow(UsageError);
    expect(() => parseCommandLine(line.split(' '))).toThrow(message);
  });
});

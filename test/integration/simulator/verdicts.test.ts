import { describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';

const pod = (name: string, spec: object) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'nginx:1.27' }], ...spec },
  });

describe.skipIf(!clientsAvailable)('kubectl and the verdicts of the scheduler', () => {
  const { kubectl, said, start } = liveCluster();

  it('reads why a pod is pending, and then why it is where it is', async () => {
    const watching = start('get verdicts --watch --no-headers');
    await kubectl('create -f -', pod('picky', { nodeSelector: { disk: 'ssd' } }));
    await kubectl("wait pod/picky --for=jsonpath='{.status.conditions[0].reason}'=Unschedulable --timeout=60s");
    expect(await kubectl('get verdict picky')).toMatch(
      /^NAME +RESULT +NODE +ATTEMPTS +NODES +AGE\npicky +Unschedulable +<none> +\d+ +0\/4 +/,
    );
    const story = await kubectl('get verdict picky -o yaml');
    expect(story).toContain('plugin: NodeAffinity');
    expect(story).toContain("- node(s) didn't match Pod's node affinity/selector");
    await kubectl('label node --all disk=ssd');
    await kubectl('wait pod/picky --for=condition=Ready --timeout=60s');
    const node = await kubectl("get pod picky -o jsonpath='{.spec.nodeName}'");
    expect(await kubectl('get verdict picky')).toMatch(new RegExp(`picky +Scheduled +${node} +[2-9] +\\d/4 `));
    const best = await kubectl("get verdict picky -o jsonpath='{.history[0].scores[*].node}'");
    expect(best.split(' ')).toContain(node);
    await kubectl('delete pod picky --now');
    expect(await said('get verdict picky')).toContain('schedulingverdicts.simulator.porthole.dev "picky" not found');
    await watching.prints(/picky +Scheduled/);
    expect(watching.text()).toMatch(/picky +Unschedulable/);
    await watching.stop();
  });

  it('learns what it tells, and may only read it', async () => {
    expect(await kubectl('explain verdict.history.rejections')).toContain('The plugin of the scheduler.');
    const made = { apiVersion: 'simulator.porthole.dev/v1alpha1', kind: 'SchedulingVerdict', metadata: { name: 'a' } };
    expect(await said('create -f -', JSON.stringify(made))).toContain('the server does not allow this method');
  });
});

import { describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.27
          resources: { requests: { cpu: 200m, memory: 64Mi } }
`;

// What containers use is a share of what they ask for: from an eighth to a half.
describe.skipIf(!clientsAvailable)('kubectl autoscale', () => {
  const { kubectl } = liveCluster(60);

  it('has pods added and taken away as they are used, and tells why', async () => {
    await kubectl('apply -f -', DEPLOYMENT);
    await kubectl('rollout status deployment/web');
    expect(await kubectl('autoscale deployment web --cpu=2% --min=1 --max=5')).toContain(
      'horizontalpodautoscaler.autoscaling/web autoscaled',
    );
    await kubectl('wait hpa/web --for=condition=ScalingActive --timeout=60s');
    await kubectl("wait deployment/web --for=jsonpath='{.spec.replicas}'=5 --timeout=60s");
    await kubectl("wait hpa/web --for=jsonpath='{.status.currentReplicas}'=5 --timeout=60s");
    expect(await kubectl('get hpa web')).toMatch(/web +Deployment\/web +cpu: \d+%\/2% +1 +5 +5 /);
    expect(await kubectl('describe hpa web')).toMatch(
      /ScalingLimited +True +TooManyReplicas +the desired replica count is more than the maximum replica count/,
    );
    expect(await kubectl('events --for hpa/web')).toContain(
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );

    const target = { type: 'Utilization', averageUtilization: 100 };
    const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    await kubectl(`patch hpa web --type merge -p '${JSON.stringify({ spec: { minReplicas: 2, metrics } })}'`);
    await kubectl("wait deployment/web --for=jsonpath='{.spec.replicas}'=2 --timeout=60s");
    expect(await kubectl('events --for hpa/web')).toContain('New size: 2; reason: All metrics below target');
  });
});

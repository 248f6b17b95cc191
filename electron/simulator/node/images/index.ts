import { agnhost } from './agnhost';
import { alpine } from './alpine';
import { busybox } from './busybox';
import { coredns } from './coredns';
import { curl } from './curl';
import { debian, ubuntu } from './debian';
import { fluentd, fluentdElasticsearch } from './fluentd';
import { helloApp } from './hello-app';
import { httpd } from './httpd';
import type { Image } from './image';
import { ingressNginxController } from './ingress-nginx';
import { etcd, kubeApiServer, kubeControllerManager, kubeProxy, kubeScheduler } from './kubernetes';
import { localPathProvisioner } from './local-path-provisioner';
import { metricsServer } from './metrics-server';
import { nginx } from './nginx';
import { pause } from './pause';
import { perlImage } from './perl';
import { redis } from './redis';

const images: readonly Image[] = [
  agnhost,
  alpine,
  busybox,
  coredns,
  curl,
  debian,
  etcd,
  fluentd,
  fluentdElasticsearch,
  helloApp,
  httpd,
  ingressNginxController,
  kubeApiServer,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
  localPathProvisioner,
  metricsServer,
  nginx,
  pause,
  perlImage,
  redis,
  ubuntu,
];

const byRepository = new Map(images.map((image) => [image.repository, image]));

/** The image that the simulated registries serve under a repository's full name. */
export function imageOf(repository: string): Image | undefined {
  return byRepository.get(repository);
}

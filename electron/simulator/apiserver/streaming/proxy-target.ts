import type { Duplex } from 'node:stream';
import type { Endpoints, Pod, Service } from '../../../../shared/kubernetes/objects';
import { endpoints, pods, services } from '../../../../shared/kubernetes/resources';
import { ConnectionRefused, type KubeletConnector } from '../../kubelet-api';
import { CONTROL_PLANE_ADDRESS } from '../../network/control-plane-address';
import type { Random } from '../../random';
import type { Api } from '../api';
import type { Exchange } from '../http/exchange';
import { get } from '../registry/read';
import { objectKey } from '../registry/registry';
import { badRequest, failure, notFound } from '../status-errors';
import { isGlobalUnicast } from '../validation/ip-addresses';
import { kubeletAt } from './kubelet';

/** Where a request is to be passed on to. */
export interface ProxyTarget {
  readonly scheme: 'http' | 'https';
  /** With its port, where it was given. */
  readonly host: string;
  /** @throws Error in the words of Go's `net`. */
  dial(): Duplex;
}

/** Finds what is meant by the name in the path of a proxy. */
export class ProxyTargets {
  readonly #api: Api;
  readonly #kubelets: KubeletConnector;
  readonly #random: Random;

  constructor(api: Api, kubelets: KubeletConnector, random: Random) {
    this.#api = api;
    this.#kubelets = kubelets;
    this.#random = random;
  }

  /** @throws StatusError 400, 404, 500 or 503. */
  find(info: Exchange['info']): ProxyTarget {
    if (info.resource === 'services') return this.#service(info);
    return info.resource === 'nodes' ? this.#node(info) : this.#podOf(info);
  }

  /** pkg/registry/core/pod/strategy.go, `ResourceLocation`. */
  #podOf({ namespace, name: id }: Exchange['info']): ProxyTarget {
    const { scheme, name, port } = splitId(id, 'pod');
    const pod: Pod = get(this.#api.registry(pods), namespace, name).object;
    const first = pod.spec?.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const ip = pod.status?.podIP ?? '';
    if (!isGlobalUnicast(ip)) throw badRequest('address not allowed');
    return this.#at(scheme, ip, port === '' && first !== undefined ? String(first) : port, pod);
  }

  /** pkg/registry/core/service/storage/storage.go, `ResourceLocation`: any of the pods behind the service. */
  #service({ namespace, name: id }: Exchange['info']): ProxyTarget {
    const { scheme, name, port } = splitId(id, 'service');
    let portName = port;
    if (/^[+-]?\d+$/.test(port)) {
      const service: Service = get(this.#api.registry(services), namespace, name).object;
      const found = service.spec?.ports?.find((each) => each.port === Number(port));
      if (found === undefined) throw unavailable(`no service port ${Number(port)} found for service "${name}"`);
      portName = found.name ?? '';
    }
    const found = this.#api.registry(endpoints).find(objectKey(endpoints, namespace, name));
    // The store names what it does not find after the request.
    if (found === undefined) throw notFound(services, name);
    const { subsets = [] } = found.object as Endpoints;
    if (subsets.length === 0) throw unavailable(`no endpoints available for service "${name}"`);
    const targets = subsets.flatMap(({ addresses = [], ports = [] }) => {
      const found = ports.find((each) => (each.name ?? '') === portName);
      if (found === undefined) return [];
      return addresses.flatMap(({ targetRef, ip }) => {
        const pod = targetRef?.namespace === namespace ? this.#pod(namespace, targetRef.name ?? '') : undefined;
        // Only what is a pod is reached through here: another address might be anybody's.
        return pod?.status?.podIPs?.some((each) => each.ip === ip) ? [{ pod, ip, port: found.port }] : [];
      });
    });
    const chosen = targets[this.#random.integer(0, targets.length)];
    if (chosen === undefined) throw unavailable(`no endpoints available for service "${id}"`);
    return this.#at(scheme, chosen.ip, String(chosen.port), chosen.pod);
  }

  /** pkg/registry/core/node/strategy.go, `ResourceLocation`: the kubelet, or another port of its machine. */
  #node(info: Exchange['info']): ProxyTarget {
    const { scheme, name, port } = splitId(info.name, 'node');
    const { hostname, port: own } = kubeletAt(this.#api, this.#kubelets, info, name);
    if (!isGlobalUnicast(hostname)) throw badRequest('address not allowed');
    const isKubelet = port === '' || port === String(own);
    return {
      scheme: isKubelet ? 'https' : scheme,
      host: `${hostname}:${isKubelet ? own : port}`,
      dial() {
        throw new ConnectionRefused(hostname, numberOf(isKubelet ? String(own) : port));
      },
    };
  }

  #at(scheme: ProxyTarget['scheme'], ip: string, port: string, pod: Pod): ProxyTarget {
    const address = ip.includes(':') ? `[${ip}]` : ip;
    const kubelets = this.#kubelets;
    return {
      scheme,
      host: port === '' ? address : `${address}:${port}`,
      dial() {
        const number = port === '' ? (scheme === 'https' ? 443 : 80) : numberOf(port);
        const kubelet = kubelets(pod.spec?.nodeName ?? '');
        // To the API server a pod is an address like any other.
        if (kubelet === undefined) throw new Error(`dial tcp ${address}:${number}: connect: no route to host`);
        return kubelet.dial(pod, number, CONTROL_PLANE_ADDRESS);
      },
    };
  }

  #pod(namespace: string, name: string): Pod | undefined {
    return this.#api.registry(pods).find(objectKey(pods, namespace, name))?.object;
  }
}

/** A port of an address is known by its number alone. */
function numberOf(port: string): number {
  const number = Number(port);
  if (!/^\d+$/.test(port)) throw new Error(`dial tcp: lookup tcp/${port}: unknown port`);
  if (number > 65_535) throw new Error(`dial tcp: address ${port}: invalid port`);
  return number;
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT` (apimachinery/pkg/util/net/port_split.go). @throws StatusError 400. */
function splitId(
  id: string,
  what: 'pod' | 'service' | 'node',
): { scheme: ProxyTarget['scheme']; name: string; port: string } {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme)) {
    throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  }
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}

const unavailable = (message: string) => failure(503, 'ServiceUnavailable', message);

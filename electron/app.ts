import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { type AppInfo, appContract, type SimulatorState } from '../shared/contract/app';
import type { Wire } from '../shared/contract/wire';
import { ContextCatalog } from './clusters/catalog/catalog';
import type { HostedProcess, ProcessHost } from './clusters/host';
import { SimulatedCluster, type SimulatedClusterOptions } from './clusters/simulated-cluster';
import { Topic } from './clusters/topic';

export interface AppOptions<Port> {
  readonly info: AppInfo;
  readonly host: ProcessHost<Port>;
  /** Kubeconfig files, which need not exist. */
  readonly kubeconfigs: readonly string[];
  /** Absent: no simulated cluster is started. */
  readonly simulator?: SimulatedClusterOptions;
}

/** A window or a browser's page: ports are handed to it by name. */
export interface Page<Port> {
  /** A port of this name is there for the page. */
  hand(name: string, port: Port): void;
  /** What served the ports of this name has ended. */
  closed(name: string): void;
}

interface RunningConnection<Port> {
  readonly process: HostedProcess<Port>;
  /** Of the ports to this very process: one that is started later has another. */
  readonly portName: string;
}

interface PageContext<Port> {
  readonly page: Page<Port>;
}

/** The app without its windows: catalog, simulated cluster, and a process for each connected context. */
export class App<Port> {
  private readonly info: AppInfo;
  private readonly host: ProcessHost<Port>;
  private readonly catalog: ContextCatalog;
  private readonly simulator: SimulatedCluster | undefined;
  private readonly simulatorState: Topic<SimulatorState>;
  private readonly connections = new Map<string, RunningConnection<Port>>();
  private started = 0;
  private readonly pages = new Set<Page<Port>>();
  private readonly handler: RPCHandler<PageContext<Port>>;

  constructor(options: AppOptions<Port>) {
    const { simulator } = options;
    this.info = options.info;
    this.host = options.host;
    this.catalog = new ContextCatalog(options.kubeconfigs);
    this.simulator =
      simulator &&
      new SimulatedCluster(options.host, simulator, (file) => this.catalog.addSimulator(file, simulator.preset));
    this.simulatorState =
      this.simulator?.state ?? new Topic<SimulatorState>({ state: 'failed', message: 'switched off' });
    this.handler = new RPCHandler(this.router());
    this.catalog.topic.subscribe(() => {
      for (const { process } of this.connections.values()) process.send({ type: 'reload' });
    });
    this.simulator?.start();
  }

  /** Serves a page on its wire for as long as that is open. */
  serve(wire: Wire, page: Page<Port>): void {
    this.pages.add(page);
    wire.on('close', () => this.pages.delete(page));
    this.handler.upgrade(wire, { context: { page } });
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    this.catalog.close();
    await Promise.all([this.simulator?.stop(), ...[...this.connections.values()].map(({ process }) => process.stop())]);
  }

  private router() {
    const contract = implement(appContract).$context<PageContext<Port>>();
    return contract.router({
      info: contract.info.handler(() => this.info),
      catalog: contract.catalog.handler(({ signal }) => this.catalog.topic.stream(signal)),
      simulator: contract.simulator.handler(({ signal }) => this.simulatorState.stream(signal)),
      startSimulator: contract.startSimulator.handler(() => this.simulator?.start()),
      connect: contract.connect.handler(({ input, context }) => this.connect(input.contextId, context.page)),
      disconnect: contract.disconnect.handler(({ input }) => this.disconnect(input.contextId)),
    });
  }

  private connect(contextId: string, page: Page<Port>): { port: string } {
    const { process, portName } = this.connections.get(contextId) ?? this.open(contextId);
    page.hand(portName, process.openPort());
    return { port: portName };
  }

  private async disconnect(contextId: string): Promise<void> {
    const connection = this.connections.get(contextId);
    this.connections.delete(contextId);
    await connection?.process.stop();
  }

  private open(contextId: string): RunningConnection<Port> {
    const target = this.catalog.target(contextId);
    if (target === undefined) throw new ORPCError('NOT_FOUND', { message: 'there is no such context any more' });
    this.started += 1;
    const process = this.host.start('connection', []);
    const connection = { process, portName: `connection:${contextId}:${this.started}` };
    this.connections.set(contextId, connection);
    process.send({ type: 'open', target });
    process.onExit(() => {
      if (this.connections.get(contextId) === connection) this.connections.delete(contextId);
      for (const page of this.pages) page.closed(connection.portName);
    });
    return connection;
  }
}

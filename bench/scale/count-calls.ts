import type { Pacing } from "../../adapters/pace/pace.ts";

/** Attempts of the functions' clients, as AWS sees them. */
export interface Counted {
  /** Undefined: the factory's account. */
  readonly account: string | undefined;
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  /** `OK`, or AWS's error. */
  readonly outcome: string;
}

const THROTTLED = new Set(["RequestLimitExceeded", "TooManyRequestsException", "ThrottlingException"]);

export class Calls {
  #all: Counted[] = [];

  /** Counts the client's attempts from now on; those as a consumer are counted separately. */
  follow<Client extends object>(client: Client, account?: string): Client {
    const { config, middlewareStack } = client as Pacing;
    middlewareStack.addRelativeTo(
      (next, { commandName = "" }) =>
        async (args) => {
          const region = await config.region();
          const operation = commandName.replace(/Command$/, "");
          const add = (outcome: string) =>
            this.#all.push({ account, service: config.serviceId ?? "", region, operation, outcome });
          try {
            const answer = await next(args);
            add("OK");
            return answer;
          } catch (error) {
            add(error instanceof Error ? error.name : String(error));
            throw error;
          }
        },
      { relation: "after", toMiddleware: "retryMiddleware", name: "count" },
    );
    return client;
  }

  /** All calls since the last call of `take`. */
  take(): Tally {
    const calls = this.#all;
    this.#all = [];
    return new Tally(calls);
  }
}

export class Tally {
  readonly calls: readonly Counted[];

  constructor(calls: readonly Counted[]) {
    this.calls = calls;
  }

  of(service: string): number {
    return this.calls.filter((call) => call.service === service).length;
  }

  /** Calls as consumers, in their accounts. */
  get asConsumers(): number {
    return this.calls.filter(({ account }) => account !== undefined).length;
  }

  /** Calls of the factory, in the region with the most. */
  mostInRegion(service: string): number {
    const own = this.calls.filter((call) => call.service === service && call.account === undefined);
    const byRegion = Map.groupBy(own, ({ region }) => region);
    return Math.max(0, ...[...byRegion.values()].map(({ length }) => length));
  }

  get throttled(): number {
    return this.calls.filter(({ outcome }) => THROTTLED.has(outcome)).length;
  }
}

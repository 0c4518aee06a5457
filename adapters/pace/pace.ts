import { type NamedRate, publishedRate, type Rate } from "./published-rates.ts";

/**
 * Attempts per request, with the SDK's `standard` retries: full jitter below 1, 2, 4 and 8 seconds when throttled. The
 * SDK's `adaptive` retries slow down a whole client for one throttled action, although EC2 throttles per action; so
 * this module applies the rates before each attempt.
 */
export const MAX_ATTEMPTS = 5;

interface Args {
  readonly input: object;
  readonly request: unknown;
}

type Handler<Answer> = (args: Args) => Promise<Answer>;

type Middleware = <Answer>(next: Handler<Answer>, context: { readonly commandName?: string }) => Handler<Answer>;

interface Where {
  readonly relation: "after";
  readonly toMiddleware: string;
  readonly name: string;
}

/** The required part of any SDK client. */
export interface Pacing {
  readonly middlewareStack: { addRelativeTo(middleware: Middleware, where: Where): void };
  readonly config: { readonly serviceId?: string; readonly region: () => Promise<string> };
}

/** Above this number, full buckets are dropped. */
const MOST_BUCKETS = 1_000;

/** Names of throttling errors: of EC2, Organizations and most other services. */
const THROTTLED = /^(RequestLimitExceeded|TooManyRequestsException|Throttl.*)$/;

/**
 * Keeps this process's requests within AWS's published rates, by account, region and action. Other processes share the
 * rates; when AWS throttles, this process waits as well.
 */
export class Pace {
  readonly #buckets = new Map<string, TokenBucket>();
  #most = MOST_BUCKETS;
  #end = Number.POSITIVE_INFINITY;

  /** The latest end of any wait; milliseconds since the epoch. */
  endAt(time: number): void {
    this.#end = time;
  }

  /** Lets each attempt of this client's requests, with this account's credentials, wait for its turn. */
  apply({ middlewareStack, config }: Pacing, account: string): void {
    const service = config.serviceId ?? "";
    // Before the request is signed: a signature is valid for five minutes.
    const where = { relation: "after", toMiddleware: "retryMiddleware", name: "pace" } satisfies Where;
    middlewareStack.addRelativeTo(
      (next, context) => async (args) => {
        const operation = context.commandName?.replace(/Command$/, "") ?? "";
        const rate = publishedRate(service, operation, args.input);
        if (!rate) return next(args);
        // Organizations has one endpoint, with global rates.
        const region = service === "Organizations" ? "everywhere" : await config.region();
        const bucket = this.#bucket(rate, `${account} ${region} ${service}`);
        await this.#turn(bucket, { account, region, service, operation });
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error && THROTTLED.test(error.name)) bucket.empty(Date.now());
          throw error;
        }
      },
      where,
    );
  }

  #bucket(rate: NamedRate, place: string): TokenBucket {
    const key = `${place}:${rate.name}`;
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size >= this.#most) this.#forgetFull();
    const bucket = new TokenBucket(rate, Date.now());
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** An environment may enter thousands of accounts, each for a few requests. */
  #forgetFull(): void {
    const now = Date.now();
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    this.#most = Math.max(MOST_BUCKETS, 2 * this.#buckets.size);
  }

  /** @throws Throttled where the turn would come after the end */
  async #turn(bucket: TokenBucket, asked: Asked): Promise<void> {
    const now = Date.now();
    const wait = bucket.waitFor(now);
    if (wait > 0 && now + wait >= this.#end) throw new Throttled(asked, wait);
    bucket.take();
    if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait));
  }
}

interface Asked {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
}

/** The request's turn comes after this invocation's end. The state machine or EventBridge retries later. */
class Throttled extends Error {
  override readonly name = "Throttled";

  constructor({ account, region, service, operation }: Asked, wait: number) {
    const where = region === "everywhere" ? account : `${account} in ${region}`;
    super(
      `${service} ${operation} in ${where} must wait ${Math.ceil(wait / 1_000)} seconds by AWS's published rate, longer than this invocation has left; a retry continues.`,
    );
  }
}

/** Requests take tokens in order of arrival; a request without one gets the time at which its token is available. */
class TokenBucket {
  readonly #rate: Rate;
  /** Negative: tokens reserved before they are available. */
  #tokens: number;
  /** Milliseconds since the epoch. */
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Milliseconds until a token is available for a request now. */
  waitFor(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.#rate.perSecond) * 1_000));
  }

  /** Takes the token of `waitFor`. */
  take(): void {
    this.#tokens--;
  }

  /** Full, with no waiting request: equal to a new one. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  /** The service throttled: other processes of the account use the same bucket. */
  empty(now: number): void {
    this.#refill(now);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #refill(now: number): void {
    const { burst, perSecond } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = Math.max(this.#at, now);
  }
}

import { type NamedRate, publishedRate, type Rate } from "./published-rates.ts";

/**
 * Attempts of one request, the SDK's own `standard` retries between them: full jitter below 1, 2, 4 and 8 seconds where
 * the service asks for patience. Its `adaptive` retries slow a whole client down for one action that was throttled, and
 * EC2 counts each action by itself; so the rates are kept here, before each attempt.
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

/** Any client of the SDK, as far as it is needed here. */
export interface Pacing {
  readonly middlewareStack: { addRelativeTo(middleware: Middleware, where: Where): void };
  readonly config: { readonly serviceId?: string; readonly region: () => Promise<string> };
}

/** Above so many, those that are full again are forgotten. */
const MOST_BUCKETS = 1_000;

/** What throttling is called: EC2's, Organizations' and most others' word for it. */
const THROTTLED = /^(RequestLimitExceeded|TooManyRequestsException|Throttl.*)$/;

/**
 * Keeps the requests of this process within the rates that AWS publishes, by account, region and action. Other processes
 * spend from the same rates; what they spent shows when AWS throttles, and is waited for.
 */
export class Pace {
  readonly #buckets = new Map<string, TokenBucket>();
  #most = MOST_BUCKETS;
  #end = Number.POSITIVE_INFINITY;

  /** No wait lasts longer than up to here; milliseconds since the epoch. */
  endAt(time: number): void {
    this.#end = time;
  }

  /** From now on each attempt of this client's requests, made as somebody of this account, waits for its turn. */
  apply({ middlewareStack, config }: Pacing, account: string): void {
    const service = config.serviceId ?? "";
    // Before the request is signed: a signature is good for five minutes.
    const where = { relation: "after", toMiddleware: "retryMiddleware", name: "pace" } satisfies Where;
    middlewareStack.addRelativeTo(
      (next, context) => async (args) => {
        const operation = context.commandName?.replace(/Command$/, "") ?? "";
        const rate = publishedRate(service, operation, args.input);
        if (!rate) return next(args);
        // Organizations has one endpoint, and counts what comes from wherever.
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

  /** Thousands of accounts are entered in an environment's life, each for a few requests. */
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

/** The request's turn comes after this invocation's end. The state machine and EventBridge ask again later. */
class Throttled extends Error {
  override readonly name = "Throttled";

  constructor({ account, region, service, operation }: Asked, wait: number) {
    const where = region === "everywhere" ? account : `${account} in ${region}`;
    super(
      `${service} takes the next ${operation} of ${where} in ${Math.ceil(wait / 1_000)} seconds, by the rate that AWS publishes; this invocation ends before that.`,
    );
  }
}

/** Requests take tokens in the order in which they arrive; one that finds none gets the time at which its token is there. */
class TokenBucket {
  readonly #rate: Rate;
  /** Below zero: tokens that are given away before they are there. */
  #tokens: number;
  /** Milliseconds since the epoch. */
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Milliseconds until there is a token for who asks now. */
  waitFor(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.#rate.perSecond) * 1_000));
  }

  /** Takes the token that `waitFor` spoke of. */
  take(): void {
    this.#tokens--;
  }

  /** Nobody waits, and nothing was taken: as good as a new one. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  /** The service had none: others of the account spend from the same bucket. */
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

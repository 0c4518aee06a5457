import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { onTestFinished } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { busName } from "../../core/names.ts";
import { bootExample } from "../../demo/boot-example.ts";
import example from "../../factory.config.ts";
import type { ClientOf, Invocation } from "../../functions/invocation.ts";
import type { FactoryOptions, RunningFactory } from "../../local/boot/boot-factory.ts";
import { type ClientOptions, clientOptions } from "../../local/boot/client-options.ts";
import { sdkClients } from "./sdk-clients.ts";
import { type StepParts, stepOf } from "./step-of.ts";
import { DAY, MINUTE } from "./time.ts";

/** A deployed factory, with shortcuts for frequent test steps. */
export interface Deployed extends RunningFactory {
  /** The SDK's clients as the factory's account. */
  readonly client: ClientOf;
  /** SDK options for another account, by default in the build region. */
  optionsOf(account: string, region?: string): ClientOptions;
  /** The arguments of a function's body, for tests that call it directly. */
  step<Variable extends string = never>(more?: Partial<StepParts<Variable>>): Invocation<Variable>;
  /** Advances factory time. */
  pass(ms: number): Promise<void>;
  /**
   * Advances factory time in steps of ten minutes until something has happened: what is started after it costs time that a
   * test of it does not need.
   * @throws Error after three days
   */
  passUntil(happened: () => boolean): Promise<void>;
  /** Requests a build, by default as ada. */
  request(image: string, who?: string, options?: Parameters<RunningFactory["request"]>[2]): Promise<void>;
  /** Details of all events with a name so far; optionally of one image. */
  said(detailType: string, image?: string): Record<string, unknown>[];
}

/**
 * The example factory, unless another is given, from BEGIN on, with its functions in this thread: workers take three times
 * as long. The caller closes it.
 */
export async function startDeployed(options: Partial<FactoryOptions> = {}): Promise<Deployed> {
  const { factory = example } = options;
  const blueprint = options.blueprint ?? (await readBlueprint());
  const running = await bootExample({ factory, ...options, blueprint });
  const { clock, events, ledger, options: own } = running;
  const client = sdkClients(own);
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  return {
    ...running,
    client,
    optionsOf: (account, region = own.region) => ({ ...own, ...clientOptions(own.endpoint, account, region) }),
    step: (more = {}) =>
      stepOf({
        factory,
        ledger,
        bus: { client: client(EventBridgeClient), name: busName(factory.name) },
        client,
        now: new Date(clock.now()),
        ...more,
      }),
    pass,
    async passUntil(happened) {
      for (const end = clock.now() + 3 * DAY; !happened(); ) {
        if (clock.now() >= end) throw new Error("It did not happen within three days.");
        await pass(10 * MINUTE);
      }
    },
    request: (image, who = "ada", asked = {}) => running.request(image, who, asked),
    said: (detailType, image) =>
      events
        .filter((event) => event.detailType === detailType)
        .filter(({ detail }) => image === undefined || [detail.image].flat().includes(image))
        .map(({ detail }) => detail),
  };
}

/** The same for one test, which ends it. */
export async function deployed(options: Partial<FactoryOptions> = {}): Promise<Deployed> {
  const running = await startDeployed(options);
  onTestFinished(() => running.close());
  return running;
}

import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { random } from "embedded-aws/faults";
import { simulateInstances } from "embedded-aws/instances";
import { ACCOUNT, REGION } from "embedded-aws/testing/imagebuilder";
import { readBuild } from "../../../adapters/build/builds.ts";
import { readImageStates } from "../../../adapters/build/image-state.ts";
import { findChannel, pointChannel } from "../../../adapters/channel/channels.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { type BuildArn, parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import { recordBuild } from "../../../functions/build/record-build.ts";
import { startBuild } from "../../../functions/build/start-build.ts";
import type { Invocation } from "../../../functions/invocation.ts";
import { repairBuilds } from "../../../functions/repair/repair-builds.ts";
import type { Said } from "../../world/bus.ts";
import { Killed } from "../../world/fates.ts";
import { instead } from "../../world/instead.ts";
import { stepOf } from "../../world/step-of.ts";
import { MINUTE } from "../../world/time.ts";
import type { TreeAws } from "./tree-aws.ts";
import { childrenOf } from "./tree-factory.ts";

const SLOT = 5 * MINUTE;

type StartEvent = Parameters<typeof startBuild>[0];
type RecordEvent = Parameters<typeof recordBuild>[0];

type RunStep = Invocation<"PROMOTION_ARN" | "START_BUILD_FUNCTION" | "RECORD_BUILD_FUNCTION">;
type Run = (step: RunStep) => Promise<unknown>;

/** How often, from 0 to 1, things go wrong. */
export interface Trouble {
  readonly seed: number;
  readonly lost: number;
  /** By up to an hour and a half; and functions whose requests take long. */
  readonly late: number;
  readonly duplicated: number;
  readonly killed: number;
  /** Builds that fail. */
  readonly failing: number;
}

/** One factory and its ledger for one case, on an AWS that many share. */
export class TreeWorld {
  readonly said: Said[] = [];
  readonly started: BuildArn[] = [];
  readonly ledger: Ledger;
  readonly #aws: TreeAws;
  #factory: Factory;
  readonly #dice: () => number;
  readonly #stop: (() => void)[];
  #trouble: Omit<Trouble, "seed">;
  #underWay = 0;
  #requests = 0;

  constructor(aws: TreeAws, factory: Factory, { seed, ...trouble }: Trouble) {
    this.#aws = aws;
    this.#factory = factory;
    this.#trouble = trouble;
    this.#dice = random(seed);
    this.ledger = aws.newLedger();
    simulateInstances(aws.aws, ACCOUNT, REGION, {
      step: ({ image, build, step }) =>
        step === "Configure" && random(seed * 31 + build * 7 + image.length)() < this.#trouble.failing
          ? { exitCode: 1, stderr: "no luck" }
          : undefined,
    });
    this.#stop = [
      aws.watch("default", (event) => this.#builderSays(event)),
      aws.watch("tree", (event) => this.#factorySays(event)),
    ];
  }

  /** Whether no event is being delivered or handled, and no promotion runs. */
  get quiet(): boolean {
    return this.#underWay === 0 && this.#slots.size === 0;
  }

  /** Disables faults from now on. */
  calmDown(): void {
    this.#trouble = { lost: 0, late: 0, duplicated: 0, killed: 0, failing: 0 };
  }

  /** A new deployment's config. */
  configure(factory: Factory): void {
    this.#factory = factory;
  }

  /** From now on every build fails. */
  fail(): void {
    this.#trouble = { ...this.#trouble, failing: 2 };
  }

  pass = (minutes: number): Promise<void> => this.#aws.clock.runUntil(this.#aws.clock.now() + minutes * MINUTE);

  close(): void {
    for (const stop of this.#stop) stop();
  }

  /** Delivers a trigger with its faults. `heard` is called when a function has handled it completely. */
  ask = (event: StartEvent, heard = () => {}): void => this.#deliver((step) => startBuild(event, step), heard);

  /** Delivers a trigger to a function that dies after a number of requests to AWS, and has no retries left. */
  async askDying(event: StartEvent, calls: number): Promise<void> {
    const start = () => startBuild(event, this.#step(`dying-${++this.#requests}`));
    await this.#aws.clock.hold(this.#aws.fates.run({ calls, turns: () => 0 }, start)).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
  }

  /** The hourly schedule. */
  reconcile = (): void =>
    this.#invoke(0, async (step) =>
      repairBuilds(await readImageStates(step.ledger, Object.keys(step.settings.factory.images)), step),
    );

  #builderSays({
    "detail-type": name,
    detail,
    resources,
  }: {
    "detail-type": string;
    detail: object;
    resources: readonly string[];
  }): void {
    if (name !== "EC2 Image Builder Image State Change") return;
    const { status } = (detail as { state: { status: string } }).state;
    const build = parseBuildArn(resources[0] ?? "");
    if (status === "BUILDING") this.started.push(build);
    if (status === "AVAILABLE" || status === "FAILED") this.#record({ build });
  }

  #record = (event: RecordEvent): void => this.#deliver((step) => recordBuild(event, step));

  #factorySays({ "detail-type": name, detail }: { "detail-type": string; detail: Record<string, unknown> }): void {
    this.said.push({ name, detail });
    if (name === "build.available" || name === "build.failed")
      this.ask({ trigger: "release", image: String(detail.image) });
  }

  /** Zero, one or several times, each after a while. */
  #deliver(run: Run, heard = () => {}): void {
    if (this.#dice() < this.#trouble.lost) return;
    do this.#invoke(this.#dice() < this.#trouble.late ? this.#dice() * 90 : 0, run, heard);
    while (this.#dice() < this.#trouble.duplicated);
  }

  /**
   * Runs a function after some minutes, and retries it with the same request id if it was killed: three times, as Lambda
   * does.
   */
  #invoke(minutes: number, run: Run, heard = () => {}): void {
    const request = `request-${++this.#requests}`;
    const attempt = async (tries: number): Promise<void> => {
      const calls = this.#dice() < this.#trouble.killed ? Math.ceil(this.#dice() * 18) : 100_000;
      const pace = this.#dice() < this.#trouble.late ? 40 : 1;
      const fate = { calls, turns: () => Math.floor(this.#dice() * 4) * pace };
      try {
        await this.#aws.fates.run(fate, () => run(this.#step(request)));
        heard();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        if (tries < 3) later(tries, () => attempt(tries + 1));
      }
    };
    const later = (after: number, act: () => Promise<void>): void => this.#after(after, act);
    later(minutes, () => attempt(1));
  }

  /** Everything due within five minutes starts together and runs concurrently. */
  #after(minutes: number, act: () => Promise<void>): void {
    const { clock } = this.#aws;
    const at = Math.ceil((clock.now() + minutes * MINUTE) / SLOT) * SLOT;
    const together = this.#slots.get(at) ?? [];
    together.push(act);
    if (together.length > 1) return;
    this.#slots.set(at, together);
    clock.after(at - clock.now(), async () => {
      this.#slots.delete(at);
      this.#underWay += together.length;
      await clock.hold(Promise.all(together.map((one) => one().finally(() => this.#underWay--))));
    });
  }

  readonly #slots = new Map<number, (() => Promise<void>)[]>();

  #step(requestId: string): RunStep {
    const { bus, clock, client } = this.#aws;
    // Replacements for two services: they forward what they receive as the services would.
    const functions = {
      send: async (command: { input: { FunctionName: string; Payload: string } }) => this.#hand(command.input),
    };
    const promotions = {
      send: async (command: { input: { input: string } }) => this.#promote(JSON.parse(command.input.input)),
    };
    return stepOf({
      factory: this.#factory,
      env: { PROMOTION_ARN: "promotion", START_BUILD_FUNCTION: "start-build", RECORD_BUILD_FUNCTION: "record-build" },
      ledger: this.ledger,
      bus,
      client: instead(
        instead(client, LambdaClient, () => functions),
        SFNClient,
        () => promotions,
      ),
      now: new Date(clock.now()),
      requestId,
    });
  }

  #hand({ FunctionName, Payload }: { FunctionName: string; Payload: string }): object {
    const event = JSON.parse(Payload);
    if (FunctionName === "start-build") this.ask(event as StartEvent);
    else this.#record(event as RecordEvent);
    return {};
  }

  readonly #promoted = new Set<string>();

  /** A promotion without copies and shares: after twenty minutes the channel points at the build, if it is newer. */
  #promote({ image, build }: { image: string; build: BuildArn }): object {
    if (this.#promoted.has(build)) return {};
    this.#promoted.add(build);
    this.#after(20, () => this.#move(image, build));
    return {};
  }

  async #move(image: string, build: BuildArn): Promise<void> {
    const now = await findChannel(this.ledger, image, "stable");
    const { startedAt, amiId } = await readBuild(this.ledger, image, build);
    if (now && Date.parse(now.startedAt) >= Date.parse(startedAt)) return;
    const movedAt = new Date(this.#aws.clock.now()).toISOString();
    const amis = { [REGION]: amiId ?? parseAmiId("ami-0123456789abcdef0") };
    await pointChannel(this.ledger, image, "stable", now?.build, { build, startedAt, amis, movedAt });
    await this.#aws.putParent(image, amis[REGION]!);
    for (const child of childrenOf(image)) {
      this.ask({ trigger: "parent", image: child, parent: image, channel: "stable", parentBuild: build });
    }
  }
}

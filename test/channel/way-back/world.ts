import { AsyncLocalStorage } from "node:async_hooks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { recordOutcome, recordStart } from "../../../adapters/build/builds.ts";
import { recordGate } from "../../../adapters/evidence/evidence.ts";
import { recordCopy } from "../../../adapters/promotion/promotion.ts";
import type { Trigger } from "../../../events/build.ts";
import { type AmiId, parseAmiId } from "../../../events/ids.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { createEmbeddedAws } from "../../../local/create-embedded-aws.ts";
import { accountPrincipal } from "../../../local/principal.ts";
import { allServices } from "../../../local/services/all.ts";
import { ssmState } from "../../../local/services/ssm/state.ts";
import { directClients, directDocuments, toSdk } from "../../world/direct-clients.ts";
import { ledgerTable } from "../../world/ledger-table.ts";
import { stepOf } from "../../world/step-of.ts";
import { type Build, makeBuild } from "./builds.ts";
import { Executions } from "./executions.ts";
import { watchExposure } from "./exposure.ts";
import { type Judgement, Story } from "./story.ts";
import { ACCOUNT, type Asking, factoryThatAsks, HOME, IMAGE } from "./way-factory.ts";

export { IMAGE } from "./way-factory.ts";

const BEGIN = Date.UTC(2026, 3, 1, 8);

/** What an invocation goes through, as far as it is not its own doing. */
export interface Fate {
  /** Requests to AWS that it lives to send; the last is carried out, but it hears of it no more. */
  calls: number;
  /** How many of the event loop's turns an answer takes: what else is under way goes on meanwhile. */
  readonly turns: () => number;
}

/** The function's environment ended in the middle of an invocation. */
export class Killed extends Error {
  override readonly name = "Killed";
}

interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Where many stories are told, tables are made so many at once: each waits for a real moment. */
const TABLES = 50;

/**
 * A factory's ledger, AMIs, parameters and bus on an embedded AWS, for the bodies of functions to work on. What starts
 * and stops executions is played. The account may do everything: grants have their own tests.
 * @param regions the first of them is where images are built
 * @param count how many builds there are, each with an AMI in each region
 */
export async function openWorld(regions: readonly string[], count: number) {
  const clock = new VirtualClock(BEGIN);
  const aws = createEmbeddedAws({ clock, services: allServices, authorizer: { authorize() {} } });
  const principal = accountPrincipal(ACCOUNT);
  const fates = new AsyncLocalStorage<Fate>();
  const executions = new Executions(clock);
  const builds = Array.from({ length: count }, (_, n) => makeBuild(aws, regions, n + 1));
  const asked: Asked[] = [];
  const said: { readonly name: string; readonly detail: Record<string, unknown> }[] = [];
  const now = { story: new Story(), factory: factoryThatAsks({}, regions), table: "" };
  const watch = watchExposure(builds, now);

  async function ask(service: string, operation: string, input: object, region = HOME): Promise<object> {
    const fate = fates.getStore();
    for (let turn = fate?.turns() ?? 0; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
    if (fate && fate.calls-- <= 0) throw new Killed();
    asked.push({ service, operation, region });
    watch.before(operation, input);
    const answer =
      service === "states"
        ? executions.call(operation, input)
        : await aws.call<object>(service, operation, input, { principal, region }).catch(toSdk);
    if (service === "events") for (const event of entriesOf(input)) said.push(event);
    if (fate && fate.calls <= 0) throw new Killed();
    return answer;
  }
  const held = (service: string, operation: string, input: object, region?: string) =>
    clock.hold(ask(service, operation, input, region));

  const client = directClients(held, HOME);
  const documents = directDocuments(held, HOME);
  await ask("events", "CreateEventBus", { Name: "way" });
  const tables: string[] = [];
  let made = 0;
  let requests = 0;

  async function makeTable(): Promise<string> {
    const TableName = `ledger-${++made}`;
    await ask("dynamodb", "CreateTable", ledgerTable(TableName));
    return TableName;
  }

  return {
    aws,
    clock,
    builds,
    executions,
    fates,
    said,
    asked,
    now,
    lostByDisabling: watch.lost,
    /** What a function's body is given. @param requestId the same for each retry of one event; left out, a new one */
    step: (requestId = `request-${++requests}`) =>
      stepOf({
        factory: now.factory,
        ledger: { documents, table: now.table },
        bus: { client: client(EventBridgeClient), name: "way" },
        client,
        now: new Date(clock.now()),
        requestId,
        wait: (ms) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
      }),
    /** As in the beginning: nothing was built, nothing is shared, no channel points anywhere. */
    async renew(asking: Asking = {}): Promise<void> {
      const more = tables.length > 0 ? 0 : made > 0 ? TABLES : 1;
      tables.push(...(await Promise.all(Array.from({ length: more }, makeTable))));
      now.table = tables.pop() ?? "";
      now.story = new Story();
      now.factory = factoryThatAsks(asking, regions);
      for (const region of regions) {
        const { parameters, validating } = aws.state(ssmState, ACCOUNT, region);
        parameters.clear();
        validating.clear();
      }
      for (const { images } of builds) {
        for (const image of images.values()) {
          image.state = "available";
          image.permissions.clear();
        }
      }
      said.length = 0;
      asked.length = 0;
      executions.clear();
      watch.lost.clear();
    },
    /** The build has been made, copied and judged: its way through the channels can begin. */
    async judge({ build, images }: Build, judgement: Judgement, requestedBy?: string): Promise<void> {
      now.story.judged(build, judgement, requestedBy);
      const ledger = { documents, table: now.table };
      const n = builds.findIndex((one) => one.build === build);
      const startedAt = new Date(BEGIN - 86_400_000 + n * 3_600_000).toISOString();
      const subject = { image: IMAGE, build };
      const trigger: Trigger = requestedBy
        ? { kind: "manual", requestedBy }
        : { kind: "schedule", scheduledTime: startedAt };
      await recordStart(ledger, { ...subject, startedAt, triggers: [trigger] });
      await recordOutcome(ledger, subject, { status: "available", endedAt: startedAt, amiId: amiIn(images, HOME) });
      for (const region of regions.filter((one) => one !== HOME)) {
        await recordCopy(ledger, build, { region, copy: build, amiId: amiIn(images, region) });
      }
      const verdict = judgement === "rejected" ? ("rejected" as const) : ("passed" as const);
      const asks = judgement === "asks" ? { needsApproval: true as const } : {};
      await recordGate(ledger, build, { verdict, ...asks, reasons: [], decidedAt: startedAt });
    },
    /** Lets time pass until the work has ended. */
    async through<T>(work: Promise<T>): Promise<T> {
      let over = false;
      const done = work.finally(() => {
        over = true;
      });
      done.catch(() => {});
      while (!over) await clock.runUntil(clock.now() + 1_000);
      return done;
    },
  };
}

export const amiIn = (images: Build["images"], region: string): AmiId => parseAmiId(images.get(region)?.id ?? "");

/** The events of a `PutEvents`. */
const entriesOf = (input: object) =>
  ((input as { Entries?: { DetailType: string; Detail: string }[] }).Entries ?? []).map(({ DetailType, Detail }) => ({
    name: DetailType,
    detail: JSON.parse(Detail) as Record<string, unknown>,
  }));

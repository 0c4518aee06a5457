import { AsyncLocalStorage } from "node:async_hooks";
import type { LaunchPermission } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { accountPrincipal, allowEverything, createAws, VirtualClock } from "embedded-aws";
import { ssmState } from "embedded-aws/state";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Trigger } from "../../../events/build.ts";
import { type AmiId, parseAmiId } from "../../../events/ids.ts";
import { recordBuilt } from "../../world/built.ts";
import { makeBus, type Said } from "../../world/bus.ts";
import { directClients, toSdk } from "../../world/direct-clients.ts";
import { type Fate, undergo } from "../../world/fates.ts";
import { documentsOf, LedgerMemory, operationOf } from "../../world/ledger-memory.ts";
import { stepOf } from "../../world/step-of.ts";
import { BEGIN, through } from "../../world/time.ts";
import { type Build, makeBuild } from "./builds.ts";
import { Executions } from "./executions.ts";
import { type Judgement, Story } from "./story.ts";
import { ACCOUNT, type Asking, factoryThatAsks, HOME, IMAGE, principalOf } from "./way-factory.ts";

/**
 * Checks rule 1 for every call that shares a build, just before it takes effect. Revocations are checked at the end,
 * because a share may be in progress when one arrives.
 */
function watchExposure(builds: readonly Build[], now: { readonly story: Story; readonly factory: Factory }) {
  /** Who could launch an AMI when it was disabled; EC2 does not keep that. */
  const lost = new Map<string, Set<string>>();
  const buildOf = (ami: string) => builds.find(({ images }) => [...images.values()].some(({ id }) => id === ami));
  const channels = () => now.factory.images[IMAGE]?.channels ?? [];

  function judge(ami: string, channel: string, what: string): void {
    const one = buildOf(ami);
    const approval = channels().find(({ name }) => name === channel)?.approval;
    const told = one && { build: one.build, channel, required: approval?.required ?? 0 };
    const why = told ? now.story.whyNot(told, approval?.approvers ?? []) : "it belongs to no build";
    if (why) now.story.wrong.add(`${one?.version ?? ami} ${what}, and ${why}`);
  }

  function before(operation: string, input: object): void {
    const { ImageId = "", LaunchPermission } = input as {
      ImageId?: string;
      LaunchPermission?: { Add?: LaunchPermission[] };
    };
    const { Name = "", Value = "" } = input as { Name?: string; Value?: string };
    if (operation === "PutParameter") judge(Value, Name.split("/").at(-1) ?? "", `is published at ${Name}`);
    for (const { UserId = "" } of operation === "ModifyImageAttribute" ? (LaunchPermission?.Add ?? []) : []) {
      const channel = channels().find(({ share }) => share.accounts.includes(UserId));
      judge(ImageId, channel?.name ?? "none", `is shared with ${UserId}, who follows ${channel?.name}`);
    }
    if (operation !== "DisableImage") return;
    for (const image of buildOf(ImageId)?.images.values() ?? []) {
      if (image.id !== ImageId) continue;
      lost.set(ImageId, new Set([...(lost.get(ImageId) ?? []), ...image.permissions.keys()]));
    }
  }
  return { before, lost };
}

export { IMAGE } from "./way-factory.ts";

interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

export type World = Awaited<ReturnType<typeof openWay>>;

/**
 * A factory's ledger, AMIs, parameters and bus on an embedded AWS, for the bodies of functions to work on. Starting and
 * stopping executions is simulated. The account may do everything: grants have their own tests.
 * @param regions the first of them is where images are built
 * @param count how many builds there are, each with an AMI in each region
 */
export async function openWay(regions: readonly string[], count: number) {
  const clock = new VirtualClock(BEGIN);
  const aws = createAws({ clock, authorizer: allowEverything });
  const principal = accountPrincipal(ACCOUNT);
  const fates = new AsyncLocalStorage<Fate>();
  const executions = new Executions(clock);
  const builds = Array.from({ length: count }, (_, n) => makeBuild(aws, regions, n + 1));
  const asked: Asked[] = [];
  const said: Said[] = [];
  const now = { story: new Story(), factory: factoryThatAsks({}, regions) };
  const watch = watchExposure(builds, now);

  async function ask(service: string, operation: string, input: object, region = HOME): Promise<object> {
    return undergo(fates.getStore(), async () => {
      asked.push({ service, operation, region });
      watch.before(operation, input);
      const answer =
        service === "states"
          ? executions.call(operation, input)
          : await aws.call<object>(service, operation, input, { principal, region }).catch(toSdk);
      if (service === "events") for (const event of entriesOf(input)) said.push(event);
      return answer;
    });
  }
  const held = (service: string, operation: string, input: object, region?: string) =>
    clock.hold(ask(service, operation, input, region));

  const client = directClients(held, HOME);
  const memory = new LedgerMemory();
  const documents = documentsOf((command) =>
    undergo(fates.getStore(), () => {
      asked.push({ service: "dynamodb", operation: operationOf(command), region: HOME });
      return memory.send(command);
    }),
  );
  const ledger = { documents, table: "ledger" };
  const bus = await makeBus(client(EventBridgeClient), "way");
  let requests = 0;

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
    /** The arguments of a function's body. @param requestId the same for each retry of one event; default: a new one */
    step: (requestId = `request-${++requests}`) =>
      stepOf({
        factory: now.factory,
        ledger,
        bus,
        client,
        now: new Date(clock.now()),
        requestId,
        wait: (ms) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
      }),
    /** Resets the world: nothing was built, nothing is shared, every channel is empty. */
    async renew(asking: Asking = {}): Promise<void> {
      memory.begin();
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
    /** The build is available, copied and evaluated by its gate: its promotion can start. */
    async judge({ build, images }: Build, judgement: Judgement, requestedBy?: string): Promise<void> {
      now.story.judged(build, judgement, requestedBy);
      const n = builds.findIndex((one) => one.build === build);
      const startedAt = new Date(BEGIN - 86_400_000 + n * 3_600_000).toISOString();
      const trigger: Trigger = requestedBy
        ? { kind: "manual", requestedBy, principal: principalOf(requestedBy) }
        : { kind: "schedule", scheduledTime: startedAt };
      await recordBuilt(ledger, {
        image: IMAGE,
        build,
        outputs: Object.fromEntries(regions.map((region) => [region, amiIn(images, region)])),
        at: startedAt,
        trigger,
        gate: {
          verdict: judgement === "rejected" ? "rejected" : "passed",
          ...(judgement === "asks" && { needsApproval: true as const }),
        },
      });
    },
    through: through(clock),
  };
}

export const amiIn = (images: Build["images"], region: string): AmiId => parseAmiId(images.get(region)?.id ?? "");

/** The events of a `PutEvents`. */
const entriesOf = (input: object) =>
  ((input as { Entries?: { DetailType: string; Detail: string }[] }).Entries ?? []).map(({ DetailType, Detail }) => ({
    name: DetailType,
    detail: JSON.parse(Detail) as Record<string, unknown>,
  }));

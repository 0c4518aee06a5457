import { AsyncLocalStorage } from "node:async_hooks";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ExecutionDoesNotExist, SFNClient } from "@aws-sdk/client-sfn";
import { ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { recordOutcome, recordStart } from "../../../adapters/ledger/builds.ts";
import { recordGate } from "../../../adapters/ledger/evidence.ts";
import { recordCopy } from "../../../adapters/ledger/promotion.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import { factorySchema } from "../../../core/factory/factory-schema.ts";
import { type AmiId, type BuildArn, parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import type { RevokeStep } from "../../../functions/lib/channels/revoke-build.ts";
import { AwsError } from "../../../local/aws-error.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { EmbeddedAws } from "../../../local/embedded-aws.ts";
import { policyAuthorizer } from "../../../local/iam/policy-authorizer.ts";
import { accountPrincipal } from "../../../local/principal.ts";
import { allServices } from "../../../local/services/all.ts";
import { addImage } from "../../../local/services/ec2/add-image.ts";
import { ec2State, type Image } from "../../../local/services/ec2/state.ts";
import { ssmState } from "../../../local/services/ssm/state.ts";
import { directClients } from "../one-start/direct-clients.ts";

export const ACCOUNT = "111122223333";
const HOME = "eu-west-1";
const BEGIN = Date.UTC(2026, 3, 1, 8);
export const IMAGE = "base";

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

/**
 * A factory's ledger, AMIs, parameters and bus on an embedded AWS, for the bodies of functions to work on. What starts
 * and stops executions is played by whoever tells the story.
 * @param count how many builds there are, each with an AMI in each region
 */
export async function openWorld(regions: readonly string[], count: number) {
  const clock = new VirtualClock(BEGIN);
  const aws = new EmbeddedAws({ clock, services: allServices, authorizer: policyAuthorizer() });
  const principal = accountPrincipal(ACCOUNT);
  const fates = new AsyncLocalStorage<Fate>();
  const asked: Asked[] = [];
  const said: { readonly name: string; readonly detail: Record<string, unknown> }[] = [];
  const stopped = new Set<string>();

  async function ask(service: string, operation: string, input: object, region = HOME): Promise<object> {
    const fate = fates.getStore();
    for (let turn = fate?.turns() ?? 0; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
    if (fate && fate.calls-- <= 0) throw new Killed();
    asked.push({ service, operation, region });
    const answer = await aws.call<object>(service, operation, input, { principal, region }).catch(toSdk);
    if (service === "events") for (const event of entriesOf(input)) said.push(event);
    if (fate && fate.calls <= 0) throw new Killed();
    return answer;
  }
  const held = (service: string, operation: string, input: object, region?: string) =>
    clock.hold(ask(service, operation, input, region));

  const each = <Client extends object>(make: (region: string) => Client, service: string) => {
    const made = new Map(regions.map((region) => [region, direct(make(region), held, service, region)]));
    return (region: string): Client => made.get(region) as Client;
  };
  const shared = directClients(held);
  const clients = {
    ...shared,
    ec2: each((region) => new EC2Client({ region }), "ec2"),
    ssm: each((region) => new SSMClient({ region }), "ssm"),
    wait: (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    promotions: Object.assign(new SFNClient({ region: HOME }), {
      send: async ({ input }: { input: { executionArn: string } }) => {
        if (stopped.has(input.executionArn)) throw new ExecutionDoesNotExist({ message: "", $metadata: {} });
        stopped.add(input.executionArn);
        return {};
      },
    }) as RevokeStep["clients"]["promotions"],
  };
  await ask("events", "CreateEventBus", { Name: "way" });
  const factory = factorySchema.parse({
    name: "way",
    buildRegion: HOME,
    regions,
    organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
    images: {
      [IMAGE]: {
        description: "an image",
        os: "al2023",
        architecture: "x86_64",
        parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
        components: ["aws:update-linux"],
        gate: { cve: { critical: 0, high: 0, count: "fixable" } },
        tests: ["aws:simple-boot-test-linux"],
        channels: [
          { name: "candidate", share: { accounts: ["444455556666"] }, soak: "1h" },
          { name: "stable", share: { accounts: ["777788889999"] } },
        ],
      },
    },
  });
  const builds = Array.from({ length: count }, (_, n) => makeBuild(aws, regions, n + 1));
  let tables = 0;
  let table = "";
  const env = { FACTORY_ACCOUNT: ACCOUNT, PARTITION: "aws", LEDGER_TABLE: "", BUS_NAME: "way" };

  return {
    aws,
    clock,
    factory,
    builds,
    fates,
    said,
    asked,
    stopped,
    step: (): RevokeStep => ({
      settings: { factory, place: { partition: "aws", region: HOME, account: ACCOUNT }, env: env as never },
      ledger: { documents: shared.documents, table },
      bus: { client: shared.events, name: "way" },
      clients,
      now: new Date(clock.now()),
      log: { info() {}, warn() {} },
      requestId: "r",
    }),
    /** As in the beginning: nothing was built, nothing is shared, no channel points anywhere. */
    async renew(): Promise<void> {
      if (table) await ask("dynamodb", "DeleteTable", { TableName: table });
      table = `ledger-${++tables}`;
      const names = ["pk", "sk"];
      await ask("dynamodb", "CreateTable", {
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: names.map((AttributeName, n) => ({ AttributeName, KeyType: n === 0 ? "HASH" : "RANGE" })),
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      });
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
      stopped.clear();
    },
    /** The build has been made, copied and judged: its way through the channels can begin. */
    async judge({ build, images }: WorldBuild, verdict: "passed" | "rejected"): Promise<void> {
      const ledger = { documents: shared.documents, table };
      const n = builds.findIndex((one) => one.build === build);
      const startedAt = new Date(BEGIN - 86_400_000 + n * 3_600_000).toISOString();
      const subject = { image: IMAGE, build };
      const triggers = [{ kind: "manual" as const, requestedBy: "ada" }];
      await recordStart(ledger, { ...subject, startedAt, triggers });
      await recordOutcome(ledger, subject, { status: "available", endedAt: startedAt, amiId: amiIn(images, HOME) });
      for (const region of regions.filter((one) => one !== HOME)) {
        await recordCopy(ledger, build, { region, copy: build, amiId: amiIn(images, region) });
      }
      await recordGate(ledger, build, { verdict, reasons: [], decidedAt: startedAt });
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

interface WorldBuild {
  readonly build: BuildArn;
  /** As people say it. */
  readonly version: string;
  /** The build's AMI in each region, as EC2 knows it. */
  readonly images: ReadonlyMap<string, Image>;
}

function makeBuild(aws: EmbeddedAws, regions: readonly string[], n: number): WorldBuild {
  const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${ACCOUNT}:image/way-${IMAGE}/1.0.0/${n}`);
  const images = regions.map((region) => {
    const added = { name: `build-${n}`, architecture: "x86_64" as const, source: undefined, devices: [] };
    const image = addImage(aws, { account: ACCOUNT, region }, added);
    aws.state(ec2State, ACCOUNT, region).tags.set(image.id, new Map([["amint:factory", "way"]]));
    return [region, image] as const;
  });
  return { build, version: buildVersion(build), images: new Map(images) };
}

export const amiIn = (images: WorldBuild["images"], region: string): AmiId => parseAmiId(images.get(region)?.id ?? "");

function direct<Client extends object>(
  client: Client,
  ask: (service: string, operation: string, input: object, region: string) => Promise<object>,
  service: string,
  region: string,
): Client {
  const send = (command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
    ask(service, command.constructor.name.replace(/Command$/, ""), command.input, region);
  return Object.assign(client, { send });
}

/** Refusals as the SDK throws them: named for their code. */
function toSdk(error: unknown): never {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === "ParameterNotFound") throw new ParameterNotFound({ message: error.message, $metadata: {} });
  if (error.code === "ConditionalCheckFailedException") throw error;
  throw Object.assign(new Error(error.message), { name: error.code });
}

const entriesOf = (input: object) =>
  ((input as { Entries?: { DetailType: string; Detail: string }[] }).Entries ?? []).map(({ DetailType, Detail }) => ({
    name: DetailType,
    detail: JSON.parse(Detail) as Record<string, unknown>,
  }));

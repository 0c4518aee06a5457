import { readImageState } from "../../../adapters/build/image-state.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { listCopies } from "../../../adapters/promotion/promotion.ts";
import { buildVersion } from "../../../core/build/build-arn.ts";
import {
  type Trail as CloudTrail,
  type Ended,
  type FactoryOnAPort,
  startFactory,
} from "../../world/running-factory.ts";
import { HOUR } from "../../world/time.ts";

/** The factory on a port, with several builds of an image that were promoted to its first channel in turn. */
export interface Trail {
  readonly factory: FactoryOnAPort & { readonly log: string[] };
  readonly ledger: Ledger;
  /** Short versions, the oldest first. */
  readonly builds: readonly string[];
  /** The AMI's build. */
  nameOf(ami: string | undefined): string | undefined;
  amiOf(build: string, region: string): string;
  /** Runs a command of the real CLI, letting some time pass until it ends. */
  amint(...args: string[]): Promise<Ended>;
  said(detailType: string): Record<string, unknown>[];
}

/** Each build reaches the first channel; the next build ends its soak. */
export async function openTrail(
  image: string,
  count: number,
  { hours = 5, trail }: { readonly hours?: number; readonly trail?: CloudTrail } = {},
): Promise<Trail> {
  const factory = { ...(await startFactory({}, { trail })), log: [] };
  const { clock, ledger, options, said } = factory;
  const amis = new Map<string, { build: string; region: string }>();
  for (let n = 1; n <= count; n++) {
    await factory.request(image);
    await factory.pass(hours * HOUR);
  }
  const { builds: known } = await readImageState(ledger, image);
  const builds = known.filter(({ status }) => status === "available");
  builds.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  for (const { build, amiId = "" } of builds) {
    amis.set(amiId, { build: buildVersion(build), region: options.region });
    for (const { region, amiId: copy = "" } of await listCopies(ledger, build)) {
      amis.set(copy, { build: buildVersion(build), region });
    }
  }
  const where = (build: string, region: string) =>
    [...amis].find(([, one]) => one.build === build && one.region === region)?.[0];
  return {
    factory,
    ledger,
    builds: builds.map(({ build }) => buildVersion(build)),
    nameOf: (ami) => (ami === undefined ? undefined : amis.get(ami)?.build),
    amiOf: (build, region) => where(build, region) ?? "",
    amint: (...args) => step(clock, factory.amint(...args).ended),
    said,
  };
}

/** One second of factory time per short real interval, so that a slow command does not reach the next day. */
async function step(clock: FactoryOnAPort["clock"], ended: Promise<Ended>): Promise<Ended> {
  let over = false;
  const settled = ended.finally(() => {
    over = true;
  });
  while (!over) {
    await clock.runUntil(clock.now() + 1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return settled;
}

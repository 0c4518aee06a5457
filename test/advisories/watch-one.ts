import { onTestFinished } from "vitest";
import { readWatchMemory } from "../../adapters/advisories/feed-memory.ts";
import { urgentAdvisoriesOf } from "../../adapters/advisories/urgent-advisories.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { listClocks } from "../../adapters/rollout/exposures.ts";
import { exploitList, exploitListNames } from "../../core/advisories/exploits.ts";
import { imageFeeds } from "../../core/advisories/image-feeds.ts";
import type { OperatingSystem } from "../../core/component/operating-system.ts";
import { type Manifest, manifest } from "../../core/evidence/manifest.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { judgeImage } from "../../functions/advisories/judge-image.ts";
import { keepUrgent } from "../../functions/advisories/publish-judgement.ts";
import { readExploits } from "../../functions/advisories/read-exploits.ts";
import { readOpenAdvisories } from "../../functions/advisories/read-open-advisories.ts";
import { readReasons } from "../../functions/advisories/read-reasons.ts";
import { toWatchRun, type WatchedImage } from "../../functions/advisories/watch-run.ts";
import { startClocks } from "../../functions/rollout/start-clocks.ts";
import { startPackageRepository } from "../../local/package-feeds/package-repository.ts";
import type { Publication } from "../../local/package-feeds/publication.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { openWorld } from "../world/world.ts";

const BUILD = `arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${IMAGE}/1.0.0/1`;
const START = Date.parse("2026-04-01T00:00:00Z");
export const HOUR = 3_600_000;

type Packages = NonNullable<Factory["images"][string]["triggers"]["packages"]>;

/** One image of any operating system with feeds, and the packages of its promoted build. */
interface Wanted {
  readonly os: OperatingSystem;
  readonly packages: Manifest["packages"];
  readonly trigger?: Partial<Packages>;
  /** The image's settings beside these. */
  readonly more?: Partial<Pick<Factory["images"][string], "parent" | "ubuntuPro" | "urgent">>;
  /** Running instances follow its channel. */
  readonly rollout?: true;
}

/**
 * Repeated runs of `watch-packages` for one image: the ledger and the bus are the embedded AWS's, the
 * vendors' servers the package repository. The image's `os` need not be valid in the config yet.
 */
export async function watchOne({ os, packages, trigger, more, rollout }: Wanted) {
  const time = { now: START };
  const world = await openWorld(
    rollout && { channels: [{ name: "stable", share: { organization: true }, rollout: {} }] },
  );
  const repository = await startPackageRepository({ now: () => time.now });
  onTestFinished(() => repository.close());
  const installed = { manifest: manifest.parse({ packages }) };
  const config = {
    ...world.factory.images[IMAGE],
    ...more,
    os,
    triggers: { packages: { severity: "important", release: "latest", ...trigger } },
  } as unknown as WatchedImage["config"];
  const build = parseBuildArn(BUILD);
  const factory = { ...world.factory, images: { ...world.factory.images, [IMAGE]: config } };
  const feeds = imageFeeds(factory, IMAGE, repository.mirrors);
  const promoted: WatchedImage = {
    image: IMAGE,
    config,
    channel: "stable",
    feeds,
    promoted: { build, startedAt: "2026-03-31T00:00:00Z", movedAt: "2026-03-31T00:00:00Z", amis: {} },
    urgent: [],
  };
  const look = async () => {
    const env = { EVIDENCE_BUCKET: "b", FEED_MIRRORS: JSON.stringify(repository.mirrors) };
    const step = {
      ...toWatchRun({ ...world.step({ now: new Date(time.now), env }) }),
      manifest: async () => installed.manifest,
    };
    const addresses = feeds.flatMap((feed) => [
      feed.url,
      ...(feed.kind === "debian" ? [feed.severities, feed.notices].flatMap((one) => one?.url ?? []) : []),
    ]);
    const lists = exploitListNames.map((name) => exploitList(name, repository.mirrors).url);
    const { memory } = await readWatchMemory(
      world.ledger,
      [{ image: IMAGE, channel: "stable", feeds: addresses }],
      lists,
    );
    const watched = { ...promoted, urgent: memory.urgent(IMAGE) };
    const open = (await readOpenAdvisories([watched], memory, step)).get(IMAGE) ?? [];
    const exploits = await readExploits([watched], new Map([[IMAGE, open]]), memory, step);
    const reasons = (await readReasons([watched], new Map([[IMAGE, open]]), step))(IMAGE);
    const judgement = await judgeImage(watched, { advisories: open, exploits, reasons }, step);
    const { announce, passedOver, exposed } = judgement;
    await startClocks(watched, exposed, step);
    await keepUrgent(watched, judgement.urgent, step);
    return { open, announce, passedOver, urgent: await read(world.ledger, urgentAdvisoriesOf(IMAGE)) };
  };
  const failures = () => world.details("feed.failed");
  const clocks = () => listClocks(world.ledger);
  /** By default for the image's operating system, and now. */
  const publish = (publication: Partial<Publication> & Pick<Publication, "packages">) =>
    repository.publish({ at: time.now, os, ...publication });
  return { time, repository, publish, installed, look, failures, clocks };
}

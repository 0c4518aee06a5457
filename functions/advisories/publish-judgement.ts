import { recordAnnounced } from "../../adapters/advisories/announcements.ts";
import { recordUrgent } from "../../adapters/advisories/urgent-advisories.ts";
import { putEvent } from "../../adapters/bus.ts";
import { listPromoted } from "../../adapters/promotion/promoted-builds.ts";
import { addSince } from "../../core/advisories/announcement.ts";
import { toInstalledPackages } from "../../core/advisories/find-applicable.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Never } from "../../core/build/decide-start.ts";
import { announcementDigest } from "../../core/build/prove-trigger.ts";
import { mergeTriggers, toReasons } from "../../core/build/reasons.ts";
import { managerOf } from "../../core/component/image-system.ts";
import { packageUpdated } from "../../events/advisories.ts";
import type { ApplicableAdvisory, Trigger } from "../../events/build.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import { publishNever } from "../build/publish-ignored.ts";
import type { ImageJudgement } from "./judge-image.ts";
import type { WatchedImage, WatchRun } from "./watch-run.ts";

/** Records what is urgent for an image, if that has changed. */
export async function keepUrgent(
  { image, urgent }: WatchedImage,
  found: readonly UrgentAdvisory[],
  { ledger }: WatchRun,
): Promise<void> {
  if (JSON.stringify(found) !== JSON.stringify(urgent)) await recordUrgent(ledger, image, found);
}

/** How many promoted builds are searched for when a package first appeared. */
const LOOK_BACK = 10;

/** Publishes the advisories that need a build, and reports once why others do not. @returns whether any needs one */
export async function publishJudgement(
  watched: WatchedImage,
  { announce, unfixed, passedOver }: ImageJudgement,
  invocation: WatchRun,
): Promise<boolean> {
  const { image, promoted } = watched;
  const triggerOf = (advisories: ApplicableAdvisory[]): Trigger => ({
    kind: "packages",
    build: promoted.build,
    advisories,
    others: [],
  });
  const never = (code: Never["code"], reason: string, advisories: ApplicableAdvisory[]): Never => ({
    code,
    reason,
    reasons: toReasons(image, triggerOf(advisories), ""),
  });
  const byReason = Map.groupBy(passedOver, ({ reason }) => reason);
  const byBuild = Map.groupBy(unfixed, ({ started }) => started.build);
  await publishNever(
    image,
    [
      ...[...byReason].map(([reason, some]) =>
        never(
          "passed-over",
          reason,
          some.map(({ advisory }) => advisory),
        ),
      ),
      ...[...byBuild].map(([build, some]) => {
        const reason = `still applies to build ${buildVersion(promoted.build)}, although build ${buildVersion(build)} was started because of it`;
        return never(
          "unfixed",
          reason,
          some.map(({ advisory }) => advisory),
        );
      }),
    ],
    invocation,
  );
  if (announce.length === 0) return false;
  const [trigger] = mergeTriggers([triggerOf(addSince(announce, await readHistory(watched, invocation)))]);
  if (trigger?.kind !== "packages") return false;
  const { kind: _, ...detail } = trigger;
  await recordAnnounced(invocation.ledger, image, announcementDigest(image, detail), invocation.now);
  await putEvent(invocation.bus, packageUpdated, { image, ...detail });
  return true;
}

/** The image's promoted builds, newest first, up to the first without evidence. */
async function readHistory({ config, promoted, channel }: WatchedImage, invocation: WatchRun) {
  const history = [];
  for (const build of await listPromoted(invocation.ledger, promoted.build, channel, LOOK_BACK)) {
    const manifest = await invocation.manifest(build);
    if (!manifest) break;
    history.push({ build, packages: toInstalledPackages(manifest, managerOf(config.os)) });
  }
  return history;
}

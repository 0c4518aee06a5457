import { recordAnnounced } from "../../adapters/advisories/announcements.ts";
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
import { tellNever } from "../build/tell-suppressed.ts";
import type { ImageJudgement } from "./judge-image.ts";
import type { WatchedImage, WatchRun } from "./watch-run.ts";

/** How many promoted builds are looked at for since when a package has been there. */
const LOOK_BACK = 10;

/** Says what is a reason to build, and once of everything else why it is none. @returns whether there is a reason */
export async function tellJudgement(
  watched: WatchedImage,
  { announce, unfixed, passedOver }: ImageJudgement,
  step: WatchRun,
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
  await tellNever(
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
    step,
  );
  if (announce.length === 0) return false;
  const [trigger] = mergeTriggers([triggerOf(addSince(announce, await readHistory(watched, step)))]);
  if (trigger?.kind !== "packages") return false;
  const { kind: _, ...detail } = trigger;
  await recordAnnounced(step.ledger, image, announcementDigest(image, detail), step.now);
  await putEvent(step.bus, packageUpdated, { image, ...detail });
  return true;
}

/** The newest of the image's promoted builds, one after the other, up to the first whose evidence is gone. */
async function readHistory({ config, promoted, channel }: WatchedImage, step: WatchRun) {
  const history = [];
  for (const build of await listPromoted(step.ledger, promoted.build, channel, LOOK_BACK)) {
    const manifest = await step.manifest(build);
    if (!manifest) break;
    history.push({ build, packages: toInstalledPackages(manifest, managerOf(config.os)) });
  }
  return history;
}

import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { findEndingWaivers } from "../../core/gate/waivers.ts";
import type { Facts } from "./facts.ts";
import { named, type Waiting } from "./shape.ts";

/** Decisions that are open, and holds and waivers that end within a week: what ends first comes first. */
export const findWaiting = (facts: Facts): Waiting[] =>
  [...findQuestions(facts), ...findHalted(facts), ...findHolds(facts), ...findWaivers(facts)].toSorted((a, b) =>
    (a.until ?? "").localeCompare(b.until ?? ""),
  );

const findQuestions = ({ questions, images }: Facts): Waiting[] =>
  questions
    .filter(({ image }) => images.includes(image))
    .map(({ image, build, channel, approvers, required, answered, expiresAt }) => {
      const left = approvers.filter((one) => !answered.includes(one));
      const count = answered.length > 0 ? `, answered by ${answered.join(", ")}` : "";
      const of = `${named(image, { build })} --channel ${channel} --reason "..."`;
      return {
        kind: "approval",
        image,
        channel,
        build,
        who: left,
        until: expiresAt,
        text: `${image} ${buildVersion(build)} waits for approval for ${channel} until ${sayTime(expiresAt)}: ${required} of ${approvers.join(", ")}${count}`,
        commands: [`amint approve ${of}`, `amint reject ${of}`],
      };
    });

const findHalted = ({ rollouts, images }: Facts): Waiting[] =>
  rollouts
    .filter(({ image, record }) => images.includes(image) && record.state === "halted")
    .map(({ image, channel, record: { build, by, why } }) => {
      const because = why ? `: ${why}` : "";
      const text = `${image} ${channel}: the roll-out of ${buildVersion(build)} is halted${by ? ` by ${by}` : ""}${because}`;
      const commands = ["--resume", "--back"].map((how) => `amint rollout ${image} ${channel} ${how} --reason "..."`);
      return { kind: "rollout-halted", image, channel, build, text, commands };
    });

const SOON_MS = 7 * 86_400_000;

function findHolds({ holds, images, now }: Facts): Waiting[] {
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + SOON_MS).toISOString().slice(0, 10);
  return holds
    .filter(({ image, until }) => images.includes(image) && today <= until && until <= soon)
    .map(({ image, build, until, by, reason }) => ({
      kind: "hold-ends",
      image,
      build,
      until,
      text: `the hold of ${image} ${buildVersion(build)} ends after ${until} (${by}: ${reason})`,
      commands: [`amint hold ${named(image, { build })} --until <date> --reason "..."`],
    }));
}

const findWaivers = ({ waivers, images, now }: Facts): Waiting[] =>
  findEndingWaivers(waivers, now)
    .filter(({ image }) => image === "*" || images.includes(image))
    .map(({ finding, image, owner, reason, until }) => ({
      kind: "waiver-ends",
      ...(image !== "*" && { image }),
      who: [owner],
      until,
      text: `the waiver of ${finding} for ${image === "*" ? "all images" : image} ends after ${until} (${owner}: ${reason})`,
      commands: [
        `amint waive ${finding} --image ${image === "*" ? '"*"' : image} --owner ${owner} --reason "..." --until <date>`,
      ],
    }));

import { inWords } from "../../core/rollout/patched.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { versionOf } from "../../local/checks/story-report.ts";
import type { PublishedChannel } from "../../local/consumers/read-back.ts";
import { bold, drawTable, heading, paragraph } from "./layout.ts";

/**
 * What consumers have at the end: a line for each channel, with the age of its build.
 * @param end when it was read, in milliseconds since the epoch
 */
export function drawChannels(
  channels: readonly PublishedChannel[],
  events: readonly FactoryEvent[],
  end: number,
): string[] {
  const built = new Map(
    events
      .filter(({ detailType }) => detailType === "build.available")
      .map(({ time, detail }) => [`${detail.image} ${versionOf(detail.build)}`, Date.parse(time)]),
  );
  const rows = channels.map(({ image, channel, build, amis, launchableBy }) => {
    const at = built.get(`${image} ${build}`);
    const age = at === undefined ? "" : inWords((end - at) / 1000);
    return [image, channel, build, age, Object.keys(amis).join(", "), String(launchableBy.length)];
  });
  return [
    "",
    ...heading("What consumers have now"),
    ...paragraph("Read back through the AWS SDK: how many accounts can launch or pull it in all of its regions."),
    "",
    ...(rows.length > 0
      ? drawTable(["image", "channel", "version", "age", "regions", "accounts"], rows)
      : ["No channel points at a build."]),
  ];
}

/** What a reader can do next: a command or a file, and what for. */
export interface NextStep {
  readonly run: string;
  readonly what: string;
}

const LONGEST_RUN = 56;

/** Commands stay on one line each, however long: they are there to be copied. */
export function drawNext(steps: readonly NextStep[]): string[] {
  const columns = Math.max(...steps.map(({ run }) => run.length));
  return [
    "",
    bold("Next:"),
    ...steps.flatMap(({ run, what }) =>
      columns > LONGEST_RUN
        ? [`  ${run}`, ...paragraph(what, "      ", "      ")]
        : paragraph(what, " ".repeat(columns + 4), `  ${run.padEnd(columns)}  `),
    ),
  ];
}

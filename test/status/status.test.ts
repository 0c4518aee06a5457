import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { drawBuildStory, readWholeStory } from "../../cli/build/build-story.ts";
import { monthOfInstances } from "../../demo/instances.ts";
import { type Deployed, deployed } from "../world/deployed.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { drawn, statusOf } from "./life.ts";

const page = readFileSync("docs/status.md", "utf8");

/** What the page shows below a command. */
const shown = (command: string): string => {
  const blocks = [...page.matchAll(/^```text\n\$ npx (.*)\n([\s\S]*?)^```$/gm)];
  return blocks.find(([, of]) => of === command)?.[2] ?? `docs/status.md shows no output of ${command}`;
};

/** Versions follow from the documents' content, and so do AMIs' ids: neither is compared, nor where lines break. */
const comparable = (text: string): string[] =>
  text
    .replaceAll(/\b1\.\d+\.\d+\/(?=\d)/g, "1.0.0/")
    .replaceAll(/\bami-[0-9a-f]{17}\b/g, "ami")
    .split(/\s+/)
    .filter(Boolean);

/** Two days of the example: a build waits for approval, the next one of the same image fails. */
async function live(): Promise<Deployed> {
  const running = await deployed({
    plan: {
      ...monthOfInstances,
      step: (step) =>
        step.step === "InstallCloudWatchAgent" && step.image.endsWith("ubuntu-2404-base") && step.build > 1
          ? { exitCode: 22, stderr: "curl: (22) The requested URL returned error: 503" }
          : monthOfInstances.step?.(step),
    },
  });
  await running.request("al2023-base");
  await running.request("ubuntu-2404-base");
  await running.pass(26 * HOUR);
  await running.request("ubuntu-2404-base", "grace");
  await running.pass(HOUR);
  await running.request("al2023-base", "grace");
  await running.pass(10 * MINUTE);
  return running;
}

async function whyOf({ ledger }: Deployed, image: string): Promise<string> {
  const state = await readImageState(ledger, image);
  const [first] = state.builds.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const story = await readWholeStory(ledger, first!, state, ["candidate", "stable"]);
  return stripVTControlCharacters(drawBuildStory(story).join("\n"));
}

test("the page shows what the commands print of the example", async () => {
  const running = await live();

  const status = await statusOf(running);
  const why = await whyOf(running, "ubuntu-2404-base");

  expect(comparable(drawn(status))).toEqual(comparable(shown("amint status")));
  expect(comparable(why)).toEqual(comparable(shown('amint why "ubuntu-2404-base 1.753117.416518/1"')));
});

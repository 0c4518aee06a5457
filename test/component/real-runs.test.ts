// @module-tag deep
// @module-tag needs/namespaces
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawEvent, drawTable, writeJunit } from "component-runner";
import { planned, run } from "component-runner/testing/run";
import { expect, test } from "vitest";

const page = readFileSync("docs/real-runs.md", "utf8");
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";

/** Durations differ from run to run. */
const timeless = (text: string): string =>
  text.replace(/\d+\.\d+ s|time="[\d.]+"|after \d+ ms/g, "T").replace(/\s+/g, " ");

test("the failing step of the documentation fails as the documentation shows it", async () => {
  const title = "images/components/web.yaml";
  const ran = await run([planned(title, block("yaml"))]);
  const report = join(mkdtempSync(join(tmpdir(), "report-")), "report.xml");
  writeJunit(report, "components", ran.documents);

  const shown = timeless(page);
  for (const line of [...ran.events.flatMap(drawEvent), ...drawTable(ran.documents)]) {
    expect(shown).toContain(timeless(line).trim());
  }
  expect(timeless(readFileSync(report, "utf8")).replaceAll("> <", "><")).toContain(
    timeless(block("xml")).replaceAll("> <", "><").trim(),
  );
});

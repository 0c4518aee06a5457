import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("README has at most 150 lines, and its first screen names purpose, operating systems and what was tried on AWS", async () => {
  const lines = (await readFile("README.md", "utf8")).trimEnd().split("\n");
  const screen = lines.slice(0, 24).join(" ");

  expect(lines.length).toBeLessThanOrEqual(150);
  for (const said of [
    "platform and security teams",
    "**Operating systems:**",
    "not been deployed to AWS",
    "docs/flow.svg",
  ]) {
    expect(screen).toContain(said);
  }
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { imageOsNames, imageSystemOf } from "../../core/component/image-system.ts";

test("docs/operating-systems.md has a row for each system, with its images' defaults", () => {
  const text = readFileSync(new URL("../../docs/operating-systems.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => /^\| `[a-z0-9-]+` \| /.test(line));

  expect(rows).toEqual(
    imageOsNames.map((os) => {
      const { parent, update, leastGiB, volumeGiB, installsAgent, inspectorCis } = imageSystemOf(os);
      const cells = [
        `\`${os}\``,
        parent ? `\`${parent("x86_64")}\`` : "none",
        `\`${update}\``,
        `${leastGiB}, ${volumeGiB}`,
        installsAgent ? "user data" : "as usual",
        inspectorCis ? "yes" : "no",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  );
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { advisoriesOf, imageOsNames } from "../../core/component/image-system.ts";
import { osNames } from "../../core/component/operating-system.ts";
import { manifest } from "../../core/evidence/manifest.ts";
import { advisorySeverity } from "../../events/build.ts";
import { watchOne } from "./watch-one.ts";

const sample = z.strictObject({
  /** Where it comes from: recorded from a vendor, documented by one, or written for the test. */
  provenance: z.string().regex(/^(Recorded|Documented|Written) /),
  publication: z.strictObject({
    advisory: z.strictObject({ id: z.string(), severity: advisorySeverity, cves: z.array(z.string()).min(1) }),
    package: z.strictObject({
      name: z.string(),
      architecture: z.string(),
      version: z.string(),
      source: z.string().exactOptional(),
    }),
  }),
  installed: manifest.shape.packages,
  fixed: manifest.shape.packages,
  /** The id under which it is announced. */
  announced: z.string(),
});

const samples = z
  .record(z.enum(osNames), sample)
  .parse(JSON.parse(readFileSync(new URL("samples.json", import.meta.url), "utf8")));

test.each(imageOsNames)("%s has an advisory sample with its provenance", (os) => {
  expect(samples[advisoriesOf(os)]?.provenance).toMatch(/^(Recorded|Documented|Written) /);
});

test.each(Object.entries(samples) as [keyof typeof samples, z.output<typeof sample>][])(
  "%s: its sample applies to what is installed, with its severity and CVEs, and no more once it is fixed",
  async (os, { publication, installed: before, fixed, announced }) => {
    const trigger = { severity: "unknown" } as const;
    const { publish, look, installed, failures } = await watchOne({ os, packages: before, trigger });
    const { advisory, package: published } = publication;
    publish({ advisory, packages: [published] });

    const open = await look();
    installed.manifest = { packages: fixed };
    const after = await look();

    expect(failures()).toEqual([]);
    expect(open.announce).toMatchObject([
      {
        id: announced,
        severity: advisory.severity,
        cves: advisory.cves,
        packages: [{ name: published.name, fixed: published.version }],
      },
    ]);
    expect(after.announce).toEqual([]);
  },
);

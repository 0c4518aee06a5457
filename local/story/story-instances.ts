import { gzipSync } from "node:zlib";
import type { InstanceContext, InstancePlan } from "embedded-aws/instances";
import { advisoriesOf } from "../../core/component/image-system.ts";
import { levelOf } from "../../core/evidence/cis.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { pipelineName } from "../../core/names.ts";
import { basePackages } from "../instances/base-packages.ts";
import { criticalFinding } from "../instances/critical-finding.ts";
import { scanByInspector } from "../instances/inspector-scan.ts";
import { type InstalledPackage, toInstalled } from "../instances/installed-packages.ts";
import type { Publication } from "../package-feeds/publication.ts";
import { ownPackage } from "./plan-advisories.ts";
import type { Story, StoryEvent } from "./plan-story.ts";

type Image = Factory["images"][string];

/** The answers of simulated instances: everything succeeds except what the story lets fail. */
export function instancesOf(factory: Factory, { events }: Story): InstancePlan {
  const images = new Map(
    Object.entries(factory.images).map(([name, image]) => [pipelineName(factory.name, name), { name, image }] as const),
  );
  const packagesOf = ({ image, time }: InstanceContext): InstalledPackage[] => {
    const found = images.get(image);
    return found ? installedIn(found.image, events, time) : [];
  };
  const during = <Kind extends "failing-component" | "rejected-gate">(kind: Kind, { image, time }: InstanceContext) =>
    events.find(
      (one): one is Extract<StoryEvent, { kind: Kind }> =>
        one.kind === kind && one.image === images.get(image)?.name && one.at <= time && time < one.at + one.lasts,
    );
  return {
    step(context) {
      if (context.stage === "build" && during("failing-component", context)) {
        return { exitCode: 1, stderr: "curl: (22) The requested URL returned error: 503" };
      }
      return context.step === "ReadInstanceId" ? { stdout: context.instanceId } : undefined;
    },
    script({ image, step, instanceId }, shell) {
      const benchmark = images.get(image)?.image.gate.benchmark;
      if (step !== "ScanInstance" || benchmark?.by !== "inspector") return undefined;
      return scanByInspector({ instanceId, factory: factory.name, level: levelOf(benchmark.level) }, shell);
    },
    // As many checks pass as the gate requires.
    cis: ({ image }) =>
      Array.from({ length: images.get(image)?.image.gate.benchmark?.leastChecks ?? 0 }, (_, nth) => ({
        checkId: `1.${nth + 1}`,
        title: `Check ${nth + 1}`,
        level: 1,
        status: "PASSED",
      })),
    file(context, path) {
      if (path.endsWith("packages.json")) return JSON.stringify({ packages: packagesOf(context) });
      if (path.endsWith("sbom.cdx.json")) return JSON.stringify(sbomOf(packagesOf(context), context.time));
      const benchmark = images.get(context.image)?.image.gate.benchmark;
      if (path.endsWith("cis-results.xml.gz") && benchmark && benchmark.by !== "inspector")
        return openscapResult(benchmark, context.time);
      return undefined;
    },
    packages: (context) => packagesOf(context).map(({ name, version }) => ({ name, version })),
    findings(context) {
      const rejected = during("rejected-gate", context);
      return Array.from({ length: rejected?.findings ?? 0 }, (_, nth) =>
        criticalFinding(`CVE-2026-9990${nth}`, example),
      );
    },
  };
}

/** The base packages and those that the gate requires, in the newest version published by the story's advisories. */
function installedIn(image: Image, events: readonly StoryEvent[], time: number): InstalledPackage[] {
  const { os, architecture, parent, gate } = image;
  const own = "image" in parent ? [ownPackage(os)] : [];
  const there = [...basePackages(os, architecture), ...own];
  const required = (gate.packages?.required ?? [])
    .filter((name) => !there.some((one) => one.name === name))
    .map((name) => ({ name, version: "1.0-1", architecture: "noarch" }));
  const forbidden = gate.packages?.forbidden ?? [];
  return [...there, ...required]
    .filter(({ name }) => !forbidden.includes(name))
    .map((one) => {
      const fix = events.findLast(
        (planned) =>
          planned.kind === "advisory" &&
          planned.os === advisoriesOf(os) &&
          planned.fixes.name === one.name &&
          planned.at <= time,
      );
      return toInstalled(fix?.kind === "advisory" ? { ...one, version: fix.fixes.version } : one);
    });
}

/** The packages that vendors publish in the story. */
export function publicationsOf({ images }: Factory, { events }: Story): Publication[] {
  return events.flatMap((planned): Publication[] => {
    if (planned.kind !== "advisory") return [];
    const { at, os, advisory, fixes } = planned;
    const architectures = new Set(
      Object.values(images).flatMap((image) =>
        advisoriesOf(image.os) === os ? basePackages(os, image.architecture).map((one) => one.architecture) : [],
      ),
    );
    const own = ownPackage(os);
    const spelled = fixes.name === own.name ? [own.architecture] : [...architectures];
    return [{ at, os, advisory, packages: spelled.map((architecture) => ({ ...fixes, architecture })) }];
  });
}

const sbomOf = (packages: readonly InstalledPackage[], time: number) => ({
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  metadata: { timestamp: new Date(time).toISOString() },
  components: packages.map(({ name, version }) => ({
    type: "library",
    name,
    version,
    purl: `pkg:generic/${name}@${version}`,
  })),
});

type OpenScap = Exclude<NonNullable<Image["gate"]["benchmark"]>, { by: "inspector" }>;

/** A benchmark's result in XCCDF 1.2: as many checks pass as the gate requires. */
function openscapResult({ profile, leastChecks }: OpenScap, time: number): Uint8Array {
  const at = new Date(time).toISOString();
  const rules = Array.from({ length: leastChecks }, (_, nth) => `xccdf_org.example_rule_${nth}`);
  return gzipSync(
    `<?xml version="1.0" encoding="UTF-8"?>
<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="xccdf_org.example_benchmark_try">
${rules.map((id) => `<Rule id="${id}" severity="low"><title>${id}</title></Rule>`).join("\n")}
<TestResult id="xccdf_org.example_testresult_try" start-time="${at}" end-time="${at}">
<profile idref="${profile}"/>
${rules.map((id) => `<rule-result idref="${id}" severity="low"><result>pass</result></rule-result>`).join("\n")}
</TestResult>
</Benchmark>`,
  );
}

/** Every such finding is about it. */
const example = { source: "NVD", score: 10, name: "libexample", version: "1.0", release: "1", fixedIn: "1.0-2" };

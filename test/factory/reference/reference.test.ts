import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import * as z from "zod";
import { imageSystemOf } from "../../../core/component/image-system.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import { type FactoryInput, factorySchema } from "../../../core/factory/factory-schema.ts";
import { instanceTypesOf } from "../../../core/factory/instance-types.ts";
import { every, patchTuesday } from "../../../core/factory/schedule-schema.ts";
import { type Form, formsOf, type Setting } from "../../../core/factory/settings.ts";
import { staleAfter } from "../../../core/monitoring/stale-after.ts";
import { pages } from "../../../stacks/factory/chapters.ts";
import { type Doc, readDocs } from "../../../stacks/factory/read-docs.ts";
import { toMarkdown } from "../../../stacks/factory/to-markdown.ts";

const profile = "xccdf_org.ssgproject.content_profile_cis_server_l1";

/** A config that has every object of the schema, and no key that has a default. */
const everyObject: FactoryInput = {
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
  network: { vpcId: { tag: { Name: "builds" } }, subnetIds: ["subnet-0a1b2c3d4e5f67890"] },
  instanceTypes: {},
  consumers: { verify: ["200000000001"], canary: { account: "200000000001", instanceTypes: {} }, rollout: {} },
  notify: { slack: { channel: "#images", routes: [{ images: ["base"], tones: ["bad"], channel: "#alerts" }] } },
  reconcile: {},
  leftovers: {},
  recycleBin: {},
  fleet: {},
  cost: {
    prices: {
      source: "the invoice of March",
      date: "2026-04-01",
      currency: "EUR",
      regions: {
        "eu-west-1": { lambda: { millionRequests: 1, gbSecond: {} }, dynamodb: { millionReads: 1, millionWrites: 1 } },
      },
    },
  },
  feeds: {},
  objectives: {},
  waivers: [{ finding: "CVE-2026-1", image: "*", owner: "ada", reason: "not reachable", until: "2026-12-31" }],
  blackouts: [
    { from: "2026-12-19T00:00", to: "2027-01-04T08:00", reason: "freeze" },
    { cron: "0 18 ? * FRI *", duration: "60h", reason: "weekends" },
  ],
  people: { ada: { slack: "U012AB3CD" } },
  images: {
    base: {
      os: "al2023",
      architecture: "x86_64",
      components: [{ document: "amint:update-al2023" }, { aws: "stig-build-linux" }, { arn: arnOf("antivirus") }],
      tests: [{ document: "smoke.yaml" }, { aws: "simple-boot-test-linux" }, { arn: arnOf("scan") }],
      network: {},
      triggers: {
        schedule: patchTuesday({ plusDays: 1, at: "03:00" }),
        packages: { severity: "important" },
        breaker: { failures: 3 },
      },
      gate: {
        cve: { count: "all" },
        benchmark: { by: "inspector", level: 1, baseline: { level: 1, accepted: {} } },
        packages: {},
        drift: {},
        parent: { maxAge: "45d" },
      },
      channels: [
        {
          name: "stable",
          share: { organizationalUnits: ["ou-exam-workload"], accounts: ["200000000001"], except: {} },
          approval: { approvers: ["ada"], required: 1 },
          exports: { formats: ["raw"] },
          rollout: { waves: [{ name: "all" }], windows: [{ cron: "0 1 ? * MON-FRI *", duration: "5h" }] },
        },
      ],
      retention: { keep: 2, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" },
    },
    web: {
      kind: "container",
      os: "al2023",
      architecture: "x86_64",
      parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
      components: ["amint:update-al2023-container"],
      tests: ["smoke.yaml"],
      container: {},
      triggers: { schedule: every("rate(7 days)") },
      gate: {
        cve: { count: "all" },
        benchmark: {
          content: { url: "https://example.com/ssg.xml", sha256: "0".repeat(64) },
          profile,
          baseline: { profile, accepted: {} },
          categories: { I: 0, II: 1, III: 2 },
        },
      },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
};

function arnOf(name: string): string {
  return `arn:aws:imagebuilder:eu-west-1:444455556666:component/${name}/1.x.x`;
}

const root = process.cwd();
const forms = formsOf(factorySchema);
const docs = readDocs(root, forms);

/** All objects of the schema; the same object in several places is listed for each. */
const allForms = (some: readonly Form[]): readonly Form[] =>
  some.flatMap((form) => [form, ...form.settings.flatMap((setting) => allForms(setting.forms))]);

const settings = allForms(forms).flatMap((form) => form.settings.map((setting) => ({ form, setting })));

const docOf = (setting: Setting): Doc => docs.get(setting) ?? { text: "", example: "" };

/** An example or a default as a config has it. */
const evaluate = (text: string): unknown => runInNewContext(`(${text})`, { patchTuesday, every });

test("every key has a description in its TSDoc comment, and an example", () => {
  const without = settings.filter(({ setting }) => {
    const { text, example } = docOf(setting);
    return !/^[A-Z`"].{10,}\.$/.test(text) || example === "";
  });

  expect(settings.length).toBeGreaterThan(250);
  expect(without.map(({ setting }) => `${setting.path}: ${docOf(setting).text}`)).toEqual([]);
});

test("every example is valid", () => {
  const refused = settings.flatMap(({ setting }) => {
    const { success, error } = z.safeParse(setting.schema, evaluate(docOf(setting).example));
    return success ? [] : [`${setting.path}: ${error.message}`];
  });

  expect(refused).toEqual([]);
});

test("no example is the default, which would show nothing", () => {
  const same = settings.filter(
    ({ setting }) =>
      setting.default !== undefined &&
      JSON.stringify(evaluate(docOf(setting).example)) === JSON.stringify(setting.default),
  );

  expect(same.map(({ setting }) => setting.path)).toEqual([]);
});

type Keyed = Record<string, unknown>;

/** The values at a path such as `images.<name>.channels[]`. */
function valuesAt(value: unknown, path: string): unknown[] {
  const [step, ...rest] = path.match(/\[\]|<\w+>|\w+/g) ?? [];
  if (step === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  const next = /^[[<]/.test(step) ? Object.values(value) : step in value ? [(value as Keyed)[step]] : [];
  return next.flatMap((one) => valuesAt(one, rest.join(".")));
}

/** The config with all objects of a form changed, and where these are among the objects at the form's path. */
function withForm({ path, schema }: Form, change: (object: Keyed) => void): { config: FactoryInput; at: number[] } {
  const config = structuredClone(everyObject);
  const objects = valuesAt(config, path) as Keyed[];
  const at = objects.flatMap((one, nth) => (z.safeParse(schema, one).success && one.kind !== "container" ? [nth] : []));
  for (const nth of at) change(objects[nth] as Keyed);
  return { config, at };
}

const defaults = settings.filter(({ setting }) => setting.default !== undefined);

test.each(defaults.map(({ form, setting }) => [setting.path, form, setting] as const))(
  "the default of %s is what the factory gets without the key",
  (_, form, { key, default: value }) => {
    const without = withForm(form, (object) => delete object[key]);
    const given = withForm(form, (object) => {
      object[key] = value;
    });

    expect(without.at).not.toEqual([]);
    expect(factorySchema.parse(without.config)).toEqual(factorySchema.parse(given.config));
  },
);

test("where the page describes a default, the schema leaves the key undefined, or takes it from the operating system", () => {
  const described = settings.filter(({ setting }) => docOf(setting).defaultValue !== undefined);
  const filledIn = described.filter(({ form, setting: { key } }) => {
    const { config, at } = withForm(form, (object) => delete object[key]);
    const objects = valuesAt(factorySchema.parse(config), form.path) as Keyed[];
    return at.some((nth) => objects[nth]?.[key] !== undefined);
  });

  expect(described.filter(({ setting }) => setting.isRequired || setting.default !== undefined)).toEqual([]);
  const { al2023, windows } = defineFactory({
    ...everyObject,
    consumers: undefined,
    notify: undefined,
    images: { al2023: plain("al2023"), windows: plain("windows-2022") },
  } as never).images;
  expect(filledIn.map(({ setting }) => setting.path)).toEqual([
    "images.<name>.parent",
    "images.<name>.tests",
    "images.<name>.volumeGiB",
  ]);
  expect(al2023).toMatchObject({
    parent: { ssm: imageSystemOf("al2023").parent?.("x86_64") },
    tests: [{ document: imageSystemOf("al2023").tests[0] }],
    volumeGiB: imageSystemOf("al2023").volumeGiB,
  });
  expect(windows).toMatchObject({ volumeGiB: imageSystemOf("windows-2022").volumeGiB });
});

const plain = (os: string) => ({
  os,
  architecture: "x86_64",
  components: [os === "al2023" ? "amint:update-al2023" : "aws:update-windows"],
  triggers: { schedule: every("rate(7 days)") },
  gate: { cve: { count: "all" } },
  channels: [{ name: "stable", share: { organization: true } }],
});

test("defaults that other code fills in are the described ones", () => {
  const described = (path: string): string =>
    docOf(settings.find(({ setting }) => setting.path === path)?.setting as Setting).defaultValue ?? "";
  const typesOf = (os: "al2023" | "windows-2022", architecture: "x86_64" | "arm64"): string =>
    instanceTypesOf({}, { os, architecture }).join(", ");
  const { images } = defineFactory({
    ...everyObject,
    consumers: undefined,
    notify: undefined,
    images: { base: plain("al2023") },
  } as never);

  expect(described("instanceTypes.x86_64")).toBe(
    `${typesOf("al2023", "x86_64")}; for Windows ${typesOf("windows-2022", "x86_64")}`,
  );
  expect(described("instanceTypes.arm64")).toBe(typesOf("al2023", "arm64"));
  expect(described("images.<name>.triggers.staleAfter")).toContain(
    `${(staleAfter(images, "base") ?? 0) / 86_400} days`,
  );
});

test("docs/configuration.md is what the schema says", () => {
  const [factory] = forms;

  expect(readFileSync("docs/configuration.md", "utf8")).toBe(toMarkdown(factory as Form, docs));
});

test("every page that the reference links to exists", () => {
  for (const page of new Set(Object.values(pages))) {
    expect(readFileSync(`docs/${page}`, "utf8")).toMatch(/^# /);
  }
});
